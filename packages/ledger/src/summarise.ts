import {
  defined,
  resourceKey,
  type AuditEvent,
  type Plan,
  type RemediationOutcome,
  type Resource,
} from '@compliance/core';

import { recordChange, type RecordedChange } from './changes.ts';
import type { EventOf } from './event-of.ts';

/** The newest verdict on one resource by one rule. */
interface CurrentVerdict {
  readonly command: string;
  readonly severity: AuditEvent['severity'];
  readonly accountId: string;
  readonly region: string;
  readonly resource: Resource;
  readonly complianceType: EventOf<'resource-evaluated'>['complianceType'];
  readonly annotation: string | undefined;
  /** The id of the exemption that covers the violation. */
  readonly exemption?: string | undefined;
  /** The pattern that matches a violating resource of AWS or of the landing zone. */
  readonly excluded?: string | undefined;
  readonly orderingTime: string;
}

/** A fix that was applied, or that failed while it was; and its undo, if any. */
export type AppliedChange = EventOf<'remediation-finished'> & { readonly undone?: EventOf<'change-undone'> };

export interface LedgerSummary {
  /** The current verdicts, sorted by command, account, Region and resource. */
  readonly verdicts: readonly CurrentVerdict[];
  /** The newest plan of each current violation, unless it is rejected or superseded. */
  readonly plans: readonly Plan[];
  /** In chronological order. */
  readonly changes: readonly AppliedChange[];
  /** Evaluations without a verdict, in chronological order. */
  readonly failures: readonly EventOf<'evaluation-failed'>[];
  readonly counts: {
    readonly events: number;
    readonly verdicts: Readonly<Record<CurrentVerdict['complianceType'], number>>;
    /** The NOT_APPLICABLE verdicts that an exemption covers. */
    readonly exempt: number;
    /** The NON_COMPLIANT verdicts on resources of AWS or of the landing zone. */
    readonly excluded: number;
    readonly remediations: Readonly<Record<RemediationOutcome, number>>;
  };
}

/** Summarises audit events. Memory grows with the resources, plans and changes, not with the events. */
export const summarise = async (
  events: AsyncIterable<AuditEvent> | Iterable<AuditEvent>,
): Promise<LedgerSummary> => {
  const tally = emptyTally();
  let count = 0;
  for await (const event of events) {
    count += 1;
    record(event, tally);
  }
  const verdicts = sortedValues(tally.verdicts);
  return {
    verdicts,
    plans: sortedValues(tally.plans).filter((plan) => isActive(plan, tally)),
    changes: [...tally.changes.values()].flatMap(appliedOf).toSorted(byTime),
    failures: [...tally.failures.values()].toSorted(byTime),
    counts: {
      events: count,
      verdicts: countVerdicts(verdicts),
      exempt: verdicts.filter(({ exemption }) => exemption !== undefined).length,
      excluded: verdicts.filter(({ excluded }) => excluded !== undefined).length,
      remediations: tally.remediations,
    },
  };
};

const emptyTally = () => ({
  verdicts: new Map<string, CurrentVerdict>(),
  plans: new Map<string, Plan>(),
  changes: new Map<string, RecordedChange>(),
  /** The last decision on each plan, by plan id. */
  decisions: new Map<string, EventOf<'plan-decided'>['decision']>(),
  failures: new Map<string, EventOf<'evaluation-failed'>>(),
  remediations: {
    fixed: 0,
    applied: 0,
    failed: 0,
    planned: 0,
    skipped: 0,
    human: 0,
    refused: 0,
  } satisfies Record<RemediationOutcome, number>,
});
type Tally = ReturnType<typeof emptyTally>;

const record = (event: AuditEvent, tally: Tally): void => {
  switch (event.type) {
    case 'resource-evaluated':
      recordVerdict(event, tally);
      return;
    case 'plan-created':
      tally.plans.set(subjectKey(event.plan), event.plan);
      return;
    case 'plan-decided':
      tally.decisions.set(event.planId, event.decision);
      return;
    case 'remediation-finished':
      tally.remediations[event.outcome] += 1;
      recordChange(event, tally.changes);
      return;
    case 'change-undone':
      recordChange(event, tally.changes);
      return;
    case 'evaluation-failed':
      tally.failures.set(event.id, event);
      return;
    case 'sweep-completed':
    case 'event-ignored':
    case 'settings-changed':
    case 'exemptions-changed':
    case 'account-joined':
    case 'account-left':
    case 'rule-deployed':
    case 'sweep-missed':
      return;
    default:
      throw new Error(`Unknown audit event ${JSON.stringify(event satisfies never)}`);
  }
};

const recordVerdict = (event: EventOf<'resource-evaluated'>, { verdicts }: Tally): void => {
  const verdict = verdictOf(event);
  if (!verdict) return;
  const key = subjectKey(verdict);
  const known = verdicts.get(key);
  // Events of different functions may be stored out of order; AWS Config also keeps the newest by this time.
  if (!known || Date.parse(known.orderingTime) <= Date.parse(verdict.orderingTime))
    verdicts.set(key, verdict);
};

/** The subject of a verdict or a plan. */
type Subject = Pick<CurrentVerdict, 'command' | 'accountId' | 'region' | 'resource'>;

const verdictOf = (event: EventOf<'resource-evaluated'>): CurrentVerdict | undefined => {
  const subject = subjectOf(event);
  const { severity, complianceType, annotation, exemption, excluded, orderingTime } = event;
  return subject && { ...subject, severity, complianceType, annotation, exemption, excluded, orderingTime };
};

const subjectOf = ({
  command,
  accountId,
  region,
  resource,
}: EventOf<'resource-evaluated'>): Subject | undefined =>
  command === undefined || accountId === undefined || region === undefined || resource === undefined
    ? undefined
    : { command, accountId, region, resource };

const subjectKey = ({ command, accountId, region, resource }: Subject): string =>
  [command, accountId, region, resourceKey(resource)].join('|');

// The ledger keeps the plans of past findings; a summary has those of current ones.
const isActive = (plan: Plan, { verdicts, decisions }: Tally): boolean => {
  const decision = decisions.get(plan.id);
  if (decision === 'rejected' || decision === 'superseded') return false;
  return verdicts.get(subjectKey(plan))?.complianceType === 'NON_COMPLIANT';
};

const appliedOf = ({ finished, undone }: RecordedChange): readonly AppliedChange[] =>
  finished ? [{ ...finished, ...defined({ undone }) }] : [];

const sortedValues = <T>(map: ReadonlyMap<string, T>): readonly T[] =>
  [...map].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

const byTime = (a: { readonly time: string }, b: { readonly time: string }) =>
  Date.parse(a.time) - Date.parse(b.time);

const countVerdicts = (verdicts: readonly CurrentVerdict[]) => {
  const counts = { COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 };
  for (const { complianceType } of verdicts) counts[complianceType] += 1;
  return counts;
};
