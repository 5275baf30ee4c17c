import {
  resourceKey,
  type AuditEvent,
  type Plan,
  type RemediationOutcome,
  type Resource,
} from '@compliance/core';

import { recordChange, type RecordedChange } from './changes.ts';
import type { EventOf } from './event-of.ts';

/** The newest verdict on one resource by one rule. */
export interface CurrentVerdict {
  readonly command: string;
  readonly severity: AuditEvent['severity'];
  readonly accountId: string;
  readonly region: string;
  readonly resource: Resource;
  readonly complianceType: EventOf<'resource-evaluated'>['complianceType'];
  readonly annotation: string | undefined;
  /** The id of the exemption that covers the violation. */
  readonly exemption?: string | undefined;
  /** The pattern by which the violating resource is AWS's or the landing zone's. */
  readonly excluded?: string | undefined;
  readonly orderingTime: string;
}

/** A fix that was applied, or was being applied when it failed; and whether it was taken back. */
export type AppliedChange = EventOf<'remediation-finished'> & { readonly undone?: EventOf<'change-undone'> };

export interface LedgerSummary {
  /** What is so now, sorted by command, account, Region and resource. */
  readonly verdicts: readonly CurrentVerdict[];
  /** The newest plan for each finding that still stands; not those a person rejected. */
  readonly plans: readonly Plan[];
  /** In the order they happened. */
  readonly changes: readonly AppliedChange[];
  /** Evaluations that gave no verdict, in the order they happened. */
  readonly failures: readonly EventOf<'evaluation-failed'>[];
  readonly counts: {
    readonly events: number;
    readonly verdicts: Readonly<Record<CurrentVerdict['complianceType'], number>>;
    /** Of the NOT_APPLICABLE ones, those that an exemption covers. */
    readonly exempt: number;
    /** Of the NON_COMPLIANT ones, those of resources that are AWS's or the landing zone's. */
    readonly excluded: number;
    readonly remediations: Readonly<Record<RemediationOutcome, number>>;
  };
}

/** What the events come to. Memory grows with the resources, plans and changes, not with the events. */
export const summarise = async (
  events: AsyncIterable<AuditEvent> | Iterable<AuditEvent>,
): Promise<LedgerSummary> => {
  const found = emptyTally();
  let count = 0;
  for await (const event of events) {
    count += 1;
    record(event, found);
  }
  const verdicts = sortedValues(found.verdicts);
  return {
    verdicts,
    plans: sortedValues(found.plans).filter((plan) => isActive(plan, found)),
    changes: [...found.changes.values()].flatMap(appliedOf).toSorted(byTime),
    failures: [...found.failures.values()].toSorted(byTime),
    counts: {
      events: count,
      verdicts: countVerdicts(verdicts),
      exempt: verdicts.filter(({ exemption }) => exemption !== undefined).length,
      excluded: verdicts.filter(({ excluded }) => excluded !== undefined).length,
      remediations: found.remediations,
    },
  };
};

const emptyTally = () => ({
  verdicts: new Map<string, CurrentVerdict>(),
  plans: new Map<string, Plan>(),
  changes: new Map<string, RecordedChange>(),
  /** What became of a plan, by its id. */
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

const record = (event: AuditEvent, found: Tally): void => {
  switch (event.type) {
    case 'resource-evaluated':
      recordVerdict(event, found);
      return;
    case 'plan-created':
      found.plans.set(subjectKey(event.plan), event.plan);
      return;
    case 'plan-decided':
      found.decisions.set(event.planId, event.decision);
      return;
    case 'remediation-finished':
      found.remediations[event.outcome] += 1;
      recordChange(event, found.changes);
      return;
    case 'change-undone':
      recordChange(event, found.changes);
      return;
    case 'evaluation-failed':
      found.failures.set(event.id, event);
      return;
    case 'sweep-completed':
    case 'event-ignored':
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
  // Events of different functions may be kept out of order; AWS Config, too, keeps the newest by this time.
  if (!known || Date.parse(known.orderingTime) <= Date.parse(verdict.orderingTime))
    verdicts.set(key, verdict);
};

const verdictOf = ({
  command,
  severity,
  accountId,
  region,
  resource,
  complianceType,
  annotation,
  exemption,
  excluded,
  orderingTime,
}: EventOf<'resource-evaluated'>): CurrentVerdict | undefined =>
  command === undefined || accountId === undefined || region === undefined || resource === undefined
    ? undefined
    : {
        command,
        severity,
        accountId,
        region,
        resource,
        complianceType,
        annotation,
        exemption,
        excluded,
        orderingTime,
      };

const subjectKey = ({
  command,
  accountId,
  region,
  resource,
}: Pick<CurrentVerdict, 'command' | 'accountId' | 'region' | 'resource'>): string =>
  [command, accountId, region, resourceKey(resource)].join('|');

// A plan outlives its finding in the ledger, not in what is so now.
const isActive = (plan: Plan, { verdicts, decisions }: Tally): boolean => {
  const decision = decisions.get(plan.id);
  if (decision === 'rejected' || decision === 'superseded') return false;
  return verdicts.get(subjectKey(plan))?.complianceType === 'NON_COMPLIANT';
};

const appliedOf = ({ finished, undone }: RecordedChange): readonly AppliedChange[] =>
  finished ? [{ ...finished, ...(undone && { undone }) }] : [];

const sortedValues = <T>(map: ReadonlyMap<string, T>): readonly T[] =>
  [...map].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

const byTime = (a: { readonly time: string }, b: { readonly time: string }) =>
  Date.parse(a.time) - Date.parse(b.time);

const countVerdicts = (verdicts: readonly CurrentVerdict[]) => {
  const counts = { COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 };
  for (const { complianceType } of verdicts) counts[complianceType] += 1;
  return counts;
};
