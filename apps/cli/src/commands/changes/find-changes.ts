import {
  readChange,
  undoActionFor,
  undoBlockedReason,
  type StoredChange,
  type Resource,
  type Table,
} from '@compliance/core';
import { changesIn, type Ledger, type ToldChange } from '@compliance/ledger';
import pMap from 'p-map';

import type { ChangeOutcome } from './outcomes.ts';

/** Where changes are kept: what was told of them, and their journals. */
export interface ChangeStores {
  readonly ledger: Ledger;
  readonly table: Table;
}

export interface Wanted {
  readonly days: number;
  readonly account?: string | undefined;
  readonly rule?: string | undefined;
  readonly status?: ChangeOutcome | undefined;
}

/** Whether an undo can be asked for, as far as the journal tells. */
interface Undoing {
  readonly canBeUndone: boolean;
  readonly whyNot?: string;
}

/** A change and what became of it last. */
export interface ListedChange extends Undoing {
  readonly changeId: string;
  /** When it came to that outcome. */
  readonly time: string;
  readonly outcome: string;
  readonly command: string | undefined;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly resource: Resource | undefined;
  readonly description: string;
  /** Why it came to that outcome. */
  readonly reason: string;
  /** The person who asked for it; nobody where a fix ran by itself. */
  readonly by: string | undefined;
}

/** DynamoDB would take more; a person waits for a few hundred journals at most. */
const JOURNALS_AT_ONCE = 16;

/** The changes of which something was told in the last days, the newest first. */
export const findChanges = async (
  { ledger, table }: ChangeStores,
  { days, account, rule, status }: Wanted,
  now: Date,
): Promise<readonly ListedChange[]> => {
  const from = new Date(now.getTime() - days * 86_400_000);
  const told = [...(await changesIn(ledger.read({ from })))]
    .flatMap(([changeId, change]) => lastTold(changeId, change))
    .filter(({ accountId }) => account === undefined || accountId === account)
    .filter(({ command }) => rule === undefined || command === rule)
    .filter(({ outcome }) => status === undefined || outcome === status)
    .toSorted((a, b) => b.time.localeCompare(a.time));
  return pMap(told, async (change) => listed(change, await readChange(table, change.changeId), now), {
    concurrency: JOURNALS_AT_ONCE,
  });
};

type Told = Omit<ListedChange, 'description' | keyof Undoing>;

const lastTold = (changeId: string, { finished, undone }: ToldChange): readonly Told[] => {
  const last = undone ?? finished;
  if (!last) return [];
  const { time, command, accountId, region, resource, reason, by } = last;
  const outcome = last.type === 'change-undone' ? OUTCOMES_OF_UNDO[last.outcome] : last.outcome;
  return [{ changeId, time, outcome, command, accountId, region, resource, reason, by }];
};

const OUTCOMES_OF_UNDO = {
  undone: 'undone',
  failed: 'undo-failed',
  refused: 'undo-refused',
} as const satisfies Record<NonNullable<ToldChange['undone']>['outcome'], ChangeOutcome>;

const listed = (told: Told, recorded: StoredChange | undefined, now: Date): ListedChange =>
  recorded
    ? { ...told, description: recorded.journal.header.description, ...undoing(recorded, now) }
    : {
        ...told,
        description: told.reason,
        canBeUndone: false,
        whyNot: 'The state table has no journal of it.',
      };

const undoing = (recorded: StoredChange, now: Date): Undoing => {
  const whyNot = undoBlockedReason(recorded, now);
  return whyNot === undefined ? { canBeUndone: true } : { canBeUndone: false, whyNot };
};

/** A change as its journal has it: each step with what an undo would do about it. */
export const findChange = async (table: Table, changeId: string, now: Date) => {
  const recorded = await readChange(table, changeId);
  if (!recorded) return undefined;
  const { untold: _, ...header } = recorded.journal.header;
  return {
    ...header,
    steps: recorded.entries.map((entry) => ({ ...entry, undo: undoActionFor(entry) })),
    ...undoing(recorded, now),
  };
};
export type FoundChange = NonNullable<Awaited<ReturnType<typeof findChange>>>;
