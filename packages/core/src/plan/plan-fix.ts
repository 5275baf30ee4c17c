import { defined } from '../base/defined.ts';
import { asJson, canonical } from '../base/json.ts';
import { operationId } from '../aws/operation.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { Change, Fix, Step, Undo } from '../rule/change.ts';
import type { JudgeContext, Observation, Rule } from '../rule/rule.ts';
import { adviceText } from '../rule/texts.ts';
import { annotationOf, type Verdict } from '../rule/verdict.ts';
import { differenceOf, type Difference } from './difference.ts';
import { decidesSame, planIdOf, type Plan, type PlannedStep } from './plan.ts';

/** A plan as data, and the change whose functions apply it. */
export interface ExecutablePlan {
  readonly plan: Plan;
  readonly change: Change;
}

/** `manual`: what a person must do, because a machine must not. */
export type PlanResult = ExecutablePlan | { readonly manual: string };

/** A NON_COMPLIANT resource, with everything that its verdict depends on. */
export interface Violation {
  readonly rule: Rule;
  readonly resource: Resource;
  readonly observation: Observation;
  readonly verdict: Verdict;
  readonly judgeContext: JudgeContext;
}

/** Plans the fix of a violation. Reads the documents that would be edited; writes nothing. */
export const planFix = async (violation: Violation, session: Session): Promise<PlanResult> => {
  const fix = fixOf(violation);
  if ('manual' in fix) return fix;
  const steps = await Promise.all(fix.steps.map((step) => planStep(step, session)));
  return { plan: planOf(violation, fix, steps), change: fix };
};

/**
 * Whether an approval of one plan covers a plan made now.
 * Calls must be the same, on the same facts, at the same risk. An edit may be smaller: another edit of the same document
 * may have done part of it.
 */
export const isCoveredBy = (live: Plan, approved: Plan): boolean => {
  if (decidesSame(live, approved)) return true;
  const editsOnly = live.steps.every(({ type }) => type === 'edit');
  return (
    editsOnly &&
    live.command === approved.command &&
    live.accountId === approved.accountId &&
    live.region === approved.region &&
    live.risk === approved.risk &&
    canonical(live.undoLeaves) === canonical(approved.undoLeaves) &&
    canonical(live.resource) === canonical(approved.resource) &&
    live.steps.length === approved.steps.length &&
    live.steps.every((step, index) => isPartOf(step, approved.steps[index]))
  );
};

const isPartOf = (live: PlannedStep, approved: PlannedStep | undefined): boolean =>
  live.type === 'edit' &&
  approved?.type === 'edit' &&
  live.document === approved.document &&
  live.key === approved.key &&
  live.region === approved.region &&
  live.difference.every((delta) => approved.difference.some((other) => isSameDelta(delta, other)));

// Without the order hint, which is not part of what is done.
const isSameDelta = (a: Difference[number], b: Difference[number]) =>
  canonical([a.path, a.before, a.after]) === canonical([b.path, b.before, b.after]);

const fixOf = ({ rule, resource, observation, judgeContext }: Violation): Fix => {
  if (!rule.fix) return { manual: rule.guidance ?? `${rule.command} has no automatic fix.` };
  const { facts, handles } = observation;
  const fix = rule.fix({ ...judgeContext, resource, facts, handles });
  return 'manual' in fix ? { manual: adviceText(fix.manual) } : fix;
};

const planOf = (
  { rule, resource, observation, verdict, judgeContext }: Violation,
  fix: Change,
  steps: PlannedStep[],
): Plan => {
  const found = {
    command: rule.command,
    accountId: judgeContext.accountId,
    region: judgeContext.region,
    resource: { resourceType: resource.resourceType, resourceId: resource.resourceId },
    facts: asJson(observation.facts),
    ...defined({ handles: observation.handles === undefined ? undefined : asJson(observation.handles) }),
    annotation: annotationOf(verdict) ?? '',
    description: fix.description,
    risk: fix.risk,
    steps,
    ...defined({ undoLeaves: fix.undoLeaves && asJson(fix.undoLeaves), inCode: fix.inCode }),
  };
  return { id: planIdOf(found), ...found };
};

const planStep = async (step: Step, session: Session): Promise<PlannedStep> => {
  const at = defined({ region: step.region });
  if (step.type === 'call')
    return {
      type: 'call',
      operation: operationId(step.operation),
      input: asJson(step.input),
      ...at,
      undo: typeof step.undo === 'function' ? { afterAnswer: true } : plannedUndo(step.undo),
    };
  const { document, key } = step;
  const live = await document.read(key, step.region === undefined ? session : session.at(step.region));
  const before = live ?? document.defaults;
  const difference = differenceOf(before, step.apply(before));
  return { type: 'edit', document: document.kind, key, ...at, absent: live === undefined, difference };
};

const plannedUndo = (undo: Undo) =>
  'impossible' in undo
    ? { impossible: undo.impossible }
    : {
        operation: operationId(undo.operation),
        input: asJson(undo.input),
        ...defined({ region: undo.region }),
      };
