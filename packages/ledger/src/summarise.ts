import { actorOf, defined, type AuditEvent, type Plan, type RemediationOutcome } from '@compliance/core';

import { recordChange, type RecordedChange } from './changes.ts';
import { createCourse, type CoursePoint } from './course.ts';
import type { EventOf } from './event-of.ts';
import { createOpenFailures } from './open-failures.ts';
import { subjectKey, subjectOf, type Subject } from './subject.ts';

/** The newest verdict on one resource by one rule. */
interface CurrentVerdict extends Subject {
  readonly severity: AuditEvent['severity'];
  readonly complianceType: EventOf<'resource-evaluated'>['complianceType'];
  readonly annotation: string | undefined;
  /** The id of the exemption that covers the violation. */
  readonly exemption?: string | undefined;
  /** The pattern that matches a violating resource of AWS or of the landing zone. */
  readonly excluded?: string | undefined;
  readonly owner?: string | undefined;
  /** Who approved the newest plan for this resource that anybody approved. */
  readonly approver?: string | undefined;
  readonly orderingTime: string;
}

/** A fix that was applied, or that failed while it was; its approval, if it needed one; and its undo, if any. */
export type AppliedChange = EventOf<'remediation-finished'> & {
  readonly approval?: EventOf<'plan-decided'>;
  readonly undone?: EventOf<'change-undone'>;
};

export interface LedgerSummary {
  /** The current verdicts, sorted by command, account, Region and resource. */
  readonly verdicts: readonly CurrentVerdict[];
  /** The newest plan of each current violation, unless it is rejected or superseded. */
  readonly plans: readonly Plan[];
  /** In chronological order. */
  readonly changes: readonly AppliedChange[];
  /** What has no current verdict, because its newest evaluation failed. In chronological order. */
  readonly failures: readonly EventOf<'evaluation-failed'>[];
  /** How the number of violations changed, as far as these events say. */
  readonly course: readonly CoursePoint[];
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
  const verdicts = sortedValues(tally.verdicts).map(({ verdict }) => ({
    ...verdict,
    ...defined({ approver: approverOf(verdict, tally) }),
  }));
  return {
    verdicts,
    plans: sortedValues(tally.plans).filter((plan) => isActive(plan, tally)),
    changes: [...tally.changes.values()].flatMap((change) => appliedOf(change, tally)).toSorted(byTime),
    failures: tally.failures.open((failure) => {
      const subject = subjectOf(failure);
      return subject && tally.verdicts.get(subjectKey(subject))?.judgedAt;
    }),
    course: tally.course.points(),
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
  verdicts: new Map<string, JudgedVerdict>(),
  plans: new Map<string, Plan>(),
  changes: new Map<string, RecordedChange>(),
  /** The decisions on each plan, by plan id: a resource that drifts again has the same plan again. */
  decisions: new Map<string, EventOf<'plan-decided'>[]>(),
  /** The newest approval of a plan for each subject. */
  approvals: new Map<string, EventOf<'plan-decided'>>(),
  failures: createOpenFailures(),
  course: createCourse(),
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

/** `judgedAt`: milliseconds since 1970. Later than the ordering time, which is when the state was captured. */
interface JudgedVerdict {
  readonly verdict: CurrentVerdict;
  readonly judgedAt: number;
}

const record = (event: AuditEvent, tally: Tally): void => {
  switch (event.type) {
    case 'resource-evaluated':
      recordVerdict(event, tally);
      return;
    case 'plan-created':
      tally.plans.set(subjectKey(event.plan), event.plan);
      return;
    case 'plan-decided':
      recordDecision(event, tally);
      return;
    case 'remediation-finished':
      tally.remediations[event.outcome] += 1;
      recordChange(event, tally.changes);
      return;
    case 'change-undone':
      recordChange(event, tally.changes);
      return;
    case 'evaluation-failed':
    case 'sweep-completed':
      tally.failures.record(event);
      return;
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

const recordVerdict = (event: EventOf<'resource-evaluated'>, { verdicts, course }: Tally): void => {
  const subject = subjectOf(event);
  if (!subject) return;
  const key = subjectKey(subject);
  const known = verdicts.get(key);
  // Events of different functions may be stored out of order; AWS Config also keeps the newest by this time.
  if (known && Date.parse(known.verdict.orderingTime) > Date.parse(event.orderingTime)) return;
  const { severity, complianceType, annotation, exemption, excluded, owner, orderingTime } = event;
  const verdict = { severity, complianceType, annotation, exemption, excluded, owner, orderingTime };
  const judgedAt = Date.parse(event.time);
  verdicts.set(key, { verdict: { ...subject, ...verdict }, judgedAt });
  const [before, now] = [known?.verdict, event].map((one) => one?.complianceType === 'NON_COMPLIANT');
  if (before !== now) course.record(judgedAt, now ? 1 : -1);
};

const recordDecision = (event: EventOf<'plan-decided'>, { decisions, approvals }: Tally): void => {
  decisions.set(event.planId, [...(decisions.get(event.planId) ?? []), event]);
  const subject = subjectOf(event);
  if (!subject || event.decision !== 'approved') return;
  const key = subjectKey(subject);
  const known = approvals.get(key);
  if (!known || Date.parse(known.time) <= Date.parse(event.time)) approvals.set(key, event);
};

const approverOf = (subject: Subject, { approvals }: Tally): string | undefined => {
  const approval = approvals.get(subjectKey(subject));
  return approval && actorOf(approval);
};

/** The last decision on a plan until a time. */
const decisionOn = (
  planId: string | undefined,
  { decisions }: Tally,
  until?: string,
): EventOf<'plan-decided'> | undefined =>
  decisions
    .get(planId ?? '')
    ?.filter(({ time }) => until === undefined || Date.parse(time) <= Date.parse(until))
    .toSorted(byTime)
    .at(-1);

// The ledger keeps the plans of past findings; a summary has those of current ones.
const isActive = (plan: Plan, tally: Tally): boolean => {
  const decision = decisionOn(plan.id, tally)?.decision;
  if (decision === 'rejected' || decision === 'superseded') return false;
  return tally.verdicts.get(subjectKey(plan))?.verdict.complianceType === 'NON_COMPLIANT';
};

const appliedOf = ({ finished, undone }: RecordedChange, tally: Tally): readonly AppliedChange[] => {
  if (!finished) return [];
  const decision = decisionOn(finished.planId, tally, finished.time);
  const approval = decision?.decision === 'approved' ? decision : undefined;
  return [{ ...finished, ...defined({ approval, undone }) }];
};

const sortedValues = <T>(map: ReadonlyMap<string, T>): readonly T[] =>
  [...map].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

const byTime = (a: { readonly time: string }, b: { readonly time: string }) =>
  Date.parse(a.time) - Date.parse(b.time);

const countVerdicts = (verdicts: readonly CurrentVerdict[]) => {
  const counts = { COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 };
  for (const { complianceType } of verdicts) counts[complianceType] += 1;
  return counts;
};
