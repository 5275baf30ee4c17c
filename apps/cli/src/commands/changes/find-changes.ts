import {
  actorOf,
  defined,
  readChange,
  storedHeader,
  undoActionFor,
  undoBlockedReason,
  type AuditEvent,
  type StoredChange,
  type Resource,
  type Table,
} from '@compliance/core';
import { collectChanges, type Ledger, type RecordedChange, type SkipCounter } from '@compliance/ledger';
import pMap from 'p-map';

import type { ChangeOutcome } from './outcomes.ts';

/** Stores of changes: their events in the ledger, their journals in the table. */
export interface ChangeStores {
  readonly ledger: Ledger;
  /** Absent for a copy of a ledger. */
  readonly table?: Table;
}

export interface ChangeFilter {
  readonly days: number;
  readonly account?: string | undefined;
  readonly rule?: string | undefined;
  readonly status?: ChangeOutcome | undefined;
}

/** Whether the journal allows an undo. */
interface UndoStatus {
  readonly canBeUndone: boolean;
  readonly whyNot?: string;
}

/** A change and its latest outcome. */
export interface ListedChange extends UndoStatus {
  readonly changeId: string;
  /** Time of the outcome. */
  readonly time: string;
  readonly outcome: string;
  readonly command: string | undefined;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly resource: Resource | undefined;
  readonly description: string;
  /** Reason of the outcome. */
  readonly reason: string;
  /** The operator who requested it; undefined for an automatic fix. */
  readonly by: string | undefined;
}

/** DynamoDB allows more, but an operator waits for a few hundred journals at most. */
const JOURNALS_AT_ONCE = 16;

/** Finds the changes with an event in the last days, newest first. */
export const findChanges = async (
  { ledger, table }: ChangeStores,
  { days, account, rule, status }: ChangeFilter,
  now: Date,
  onSkipped?: SkipCounter['onSkipped'],
): Promise<readonly ListedChange[]> => {
  const from = new Date(now.getTime() - days * 86_400_000);
  const changes = [
    ...(await collectChanges(outlines(ledger.read({ from, only: 'actions', ...defined({ onSkipped }) })))),
  ]
    .flatMap(([changeId, change]) => lastOutcome(changeId, change))
    .filter(({ accountId }) => account === undefined || accountId === account)
    .filter(({ command }) => rule === undefined || command === rule)
    .filter(({ outcome }) => status === undefined || outcome === status)
    .toSorted((a, b) => b.time.localeCompare(a.time));
  if (!table) return changes.map(withoutJournal('A copy of a ledger has no journals. List the deployment.'));
  return pMap(
    changes,
    async (change) => listedChange(change, await readChange(table, change.changeId), now),
    {
      concurrency: JOURNALS_AT_ONCE,
    },
  );
};

/** The events of changes with only what a list shows: tens of thousands of them are in memory at once. */
const outlines = async function* (events: AsyncIterable<AuditEvent>): AsyncGenerator<AuditEvent> {
  for await (const event of events)
    if (event.type === 'remediation-finished' || event.type === 'change-undone') yield outlineOf(event);
};

const outlineOf = (event: Extract<AuditEvent, { outcome: string }>): AuditEvent => {
  const { schemaVersion, id, time, command, accountId, region, resource, executionId, reason } = event;
  const optional = defined({ command, accountId, region, resource, actor: actorOf(event) });
  const common = { schemaVersion, id, time, executionId, reason, ...optional };
  if (event.type === 'change-undone')
    return { type: event.type, changeId: event.changeId, outcome: event.outcome, ...common };
  const { type, outcome } = event;
  return { type, outcome, ...common, ...defined({ changeId: event.changeId }) };
};

type LastOutcome = Omit<ListedChange, 'description' | keyof UndoStatus>;

const lastOutcome = (changeId: string, { finished, undone }: RecordedChange): readonly LastOutcome[] => {
  const last = undone ?? finished;
  if (!last) return [];
  const { time, command, accountId, region, resource, reason } = last;
  const outcome = last.type === 'change-undone' ? UNDO_OUTCOMES[last.outcome] : last.outcome;
  return [{ changeId, time, outcome, command, accountId, region, resource, reason, by: actorOf(last) }];
};

const UNDO_OUTCOMES = {
  undone: 'undone',
  failed: 'undo-failed',
  refused: 'undo-refused',
} as const satisfies Record<NonNullable<RecordedChange['undone']>['outcome'], ChangeOutcome>;

const listedChange = (last: LastOutcome, recorded: StoredChange | undefined, now: Date): ListedChange =>
  recorded
    ? { ...last, description: recorded.journal.header.description, ...undoStatus(recorded, now) }
    : withoutJournal('The state table has no journal of this change.')(last);

const withoutJournal =
  (whyNot: string) =>
  (last: LastOutcome): ListedChange => ({ ...last, description: last.reason, canBeUndone: false, whyNot });

const undoStatus = (recorded: StoredChange, now: Date): UndoStatus => {
  const whyNot = undoBlockedReason(recorded, now);
  return whyNot === undefined ? { canBeUndone: true } : { canBeUndone: false, whyNot };
};

/** Reads a change from its journal: each step with what an undo would do. */
export const findChange = async (table: Table, changeId: string, now: Date) => {
  const recorded = await readChange(table, changeId);
  if (!recorded) return undefined;
  // Printed under the names of the row, which are published.
  const { untold: _, ...header } = storedHeader(recorded.journal.header);
  return {
    ...header,
    steps: recorded.entries.map((entry) => ({ ...entry, undo: undoActionFor(entry) })),
    ...undoStatus(recorded, now),
  };
};
export type FoundChange = NonNullable<Awaited<ReturnType<typeof findChange>>>;
