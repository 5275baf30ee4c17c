import type { Change, Fix, Step, Undo } from '../rule/change.ts';
import { differenceOf, type Difference } from './difference.ts';
import { asJson, canonical } from '../base/json.ts';
import { operationId } from '../aws/operation.ts';
import { planIdOf, type Plan, type PlannedStep } from './plan.ts';
import type { Resource } from '../aws/resource.ts';
import type { JudgeContext, Observation, Rule } from '../rule/rule.ts';
import type { Session } from '../aws/session.ts';
import { annotationOf, type Verdict } from '../rule/verdict.ts';

/** The plan as data, and the change whose functions carry it out. */
export type PlanResult = { readonly plan: Plan; readonly change: Change } | { readonly human: string };

export interface Violation {
  readonly rule: Rule;
  readonly resource: Resource;
  readonly observation: Observation;
  readonly verdict: Verdict;
  readonly context: JudgeContext;
}

/** What would be done about a NON_COMPLIANT finding. Reads the documents that would be edited; writes nothing. */
export const planFix = async (finding: Violation, session: Session): Promise<PlanResult> => {
  const fix = fixOf(finding);
  if ('human' in fix) return fix;
  const steps = await Promise.all(fix.steps.map((step) => planStep(step, session)));
  return { plan: planOf(finding, fix, steps), change: fix };
};

/**
 * Whether a plan made just now is what a person approved earlier. Calls must be the same, on the same facts. An edit
 * may have become smaller: a neighbour who edited the same document meanwhile may have done part of it.
 */
export const isCoveredBy = (live: Plan, approved: Plan): boolean => {
  if (live.id === approved.id) return true;
  const editsOnly = live.steps.every(({ type }) => type === 'edit');
  return (
    editsOnly &&
    live.command === approved.command &&
    live.accountId === approved.accountId &&
    live.region === approved.region &&
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

// The order hint aside: it is no part of what is done.
const isSameDelta = (a: Difference[number], b: Difference[number]) =>
  canonical([a.path, a.before, a.after]) === canonical([b.path, b.before, b.after]);

const fixOf = ({ rule, resource, observation, context }: Violation): Fix => {
  if (!rule.fix) return { human: rule.guidance ?? `${rule.command} has no automatic fix.` };
  const { facts, handles } = observation;
  return rule.fix({ ...context, resource, facts, handles });
};

const planOf = (
  { rule, resource, observation, verdict, context }: Violation,
  fix: Change,
  steps: PlannedStep[],
): Plan => {
  const found = {
    command: rule.command,
    accountId: context.accountId,
    region: context.region,
    resource: { resourceType: resource.resourceType, resourceId: resource.resourceId },
    facts: asJson(observation.facts),
    // Not part of the id: what of them matters is in the steps, and some change daily, as when a key was last used.
    ...(observation.handles !== undefined && { handles: asJson(observation.handles) }),
    annotation: annotationOf(verdict) ?? '',
    description: fix.description,
    risk: fix.risk,
    steps,
    ...(fix.undoLeaves && { undoLeaves: asJson(fix.undoLeaves) }),
    ...(fix.inCode && { inCode: fix.inCode }),
  };
  return { id: planIdOf(found), ...found };
};

const planStep = async (step: Step, session: Session): Promise<PlannedStep> => {
  const at = step.region === undefined ? {} : { region: step.region };
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
        ...(undo.region !== undefined && { region: undo.region }),
      };
