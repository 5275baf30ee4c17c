import { expect, vi } from 'vitest';

import { asJson, canonical } from '../base/json.ts';
import { operationId } from '../aws/operation.ts';
import { Resource } from '../aws/resource.ts';
import type { Step } from '../rule/change.ts';
import { annotationOf } from '../rule/verdict.ts';
import { Plan, planIdOf } from '../plan/plan.ts';
import { planFix, type ExecutablePlan, type Violation } from '../plan/plan-fix.ts';
import { openJournal, readChange } from '../state/journal.ts';
import { runSteps } from '../remediate/run-steps.ts';
import { undoSteps } from '../operate/undo-steps.ts';
import { expectVerdict } from './contract-observation.ts';
import { present, type ContractRunner } from './contract-runner.ts';
import type { EmulatedAccount } from './emulator.ts';
import { memoryTable } from './memory-table.ts';
import { OTHER_PARTITIONS } from './other-partitions.ts';
import type { RuleFixtures, SettlingSeed } from './rule-contract.ts';

/** A violating resource of an account, and what a fix must leave as it is. */
export interface Violating {
  readonly run: ContractRunner;
  readonly account: EmulatedAccount;
  readonly resource: Resource;
  readonly untouched: RuleFixtures['untouched'];
}

/** Planned, fixed once, COMPLIANT, undone. */
export const expectFixedAndUndone = async (violating: Violating): Promise<void> => {
  const planned = await expectPlan(violating);
  expect(planned.plan.risk, 'the risk of a fix that the contract undoes').not.toBe('irreversible');
  const undo = await apply(violating, planned);
  expectVerdict(await verdictNow(violating), 'COMPLIANT');
  await expectUndone(violating, { planned, undo });
};

/** Planned as irreversible, with the reason; fixed once, COMPLIANT or gone; the undo is refused and does nothing. */
export const expectFixedOneWay = async (violating: Violating): Promise<void> => {
  const { run, account, resource } = violating;
  const planned = await expectPlan(violating);
  expect(planned.plan.risk, 'the risk of a fix that cannot be undone').toBe('irreversible');
  const reasons = planned.plan.steps.flatMap((step) =>
    step.type === 'call' && 'impossible' in step.undo ? [step.undo.impossible] : [],
  );
  expect(reasons, 'the steps that cannot be undone').not.toEqual([]);
  for (const reason of reasons) expect(reason).toMatch(/\S/);
  const undo = await apply(violating, planned);
  const fixed = await run.get(account, resource);
  // A fix may delete the resource.
  if (fixed) expectVerdict(await verdictNow(violating), 'COMPLIANT');
  const refused = await undo().catch((error: unknown) => error);
  expect(refused, 'the refusal of the undo').toMatchObject({ code: 'undo-impossible' });
  expect(String(refused)).toContain(reasons.at(-1));
  expect((await run.get(account, resource))?.facts).toEqual(fixed?.facts);
};

/** Applied and NON_COMPLIANT, undone; applied again, and COMPLIANT after AWS or a person did the rest. */
export const expectSettling = async (
  violating: Violating,
  { settle }: Pick<SettlingSeed, 'settle'>,
): Promise<void> => {
  const planned = await expectPlan(violating);
  expect(planned.change.effectiveAfter, 'what a fix waits for (effectiveAfter)').toBeDefined();
  const undo = await apply(violating, planned);
  expectVerdict(await verdictNow(violating), 'NON_COMPLIANT');
  await expectUndone(violating, { planned, undo });
  if (typeof settle !== 'function') return;
  await apply(violating, await planNow(violating));
  await settle(violating.resource, violating.account.admin);
  expectVerdict(await verdictNow(violating), 'COMPLIANT');
};

/** Left to a person, with what to do. */
export const expectManual = async ({ run, account, resource }: Violating): Promise<void> => {
  const violation = await run.violation(account, resource);
  const result = await run.during(account, ['get'], (session) => planFix(violation, session));
  expect(result).toEqual({ manual: expect.stringMatching(/\S/) });
  expectPure(run, violation);
};

const verdictNow = async ({ run, account, resource }: Violating) =>
  (await run.violation(account, resource)).verdict;

const planNow = async (violating: Violating, given?: Violation): Promise<ExecutablePlan> => {
  const { run, account, resource } = violating;
  const violation = given ?? (await run.violation(account, resource));
  const planned = await run.during(account, ['get'], (session) => planFix(violation, session));
  if ('manual' in planned) throw new Error(`Expected an automatic fix, not a manual one: ${planned.manual}`);
  return planned;
};

/** The same plan at two times, with an IaC snippet, and the resource as before. */
const expectPlan = async (violating: Violating): Promise<ExecutablePlan> => {
  const { run, account, resource } = violating;
  const violation = await run.violation(account, resource);
  const planned = await planNow(violating, violation);
  // When code manages the resource, its owner gets the fix in the words of that code.
  expect(planned.plan.inCode?.terraform).toMatch(/^aws_\w+.*: \S/);
  if (planned.plan.risk !== 'safe')
    expect(run.rule.impact ?? '', `the impact of a fix that is ${planned.plan.risk}`).toMatch(/\S/);
  expect(planIdOf(Plan.parse(asJson(planned.plan)))).toBe(planned.plan.id);

  const later = await run.violation(account, resource, { ...violation.judgeContext, now: run.later });
  expect(later.observation.facts, 'the facts after planning').toEqual(violation.observation.facts);
  const { id, description, steps, annotation } = planned.plan;
  const sameLater = await planNow(violating, later);
  expect(sameLater.plan, 'the plan of the same violation at another time').toMatchObject({
    id,
    description,
    steps,
    annotation,
  });
  expectPure(run, violation);
  return planned;
};

/** Runs the steps of a plan. Returns their undo. */
const apply = async (
  { run, account, resource, untouched }: Violating,
  { plan, change }: ExecutablePlan,
): Promise<() => Promise<unknown>> => {
  const surroundings = await untouched?.(resource, account.admin);
  const table = memoryTable();
  const journal = await openJournal(table, journalHeader(plan, run.now));
  const { error } = await run.during(account, ['get', 'fix'], (session) =>
    runSteps(change, { session, journal, table }),
  );
  expect(error).toBeUndefined();
  expect(await untouched?.(resource, account.admin)).toEqual(surroundings);

  const stored = present(await readChange(table, journal.header.changeId));
  return () =>
    run.during(account, ['get', 'undo'], (session) =>
      undoSteps(run.rule, stored.entries, { session, journal: stored.journal, table }),
    );
};

const expectUndone = async (
  { run, account, resource }: Violating,
  { planned: { plan, change }, undo }: { planned: ExecutablePlan; undo: () => Promise<unknown> },
): Promise<void> => {
  await undo();
  expect(present(await run.get(account, resource)).facts).toEqual({
    ...Object(plan.facts),
    ...Object(change.undoLeaves),
  });
};

/**
 * Judges and fixes without AWS what was observed: the clock changes nothing, and in another partition, whose AWS would
 * have answered with ARNs of that partition, no ARN is one of `aws`.
 */
const expectPure = (run: ContractRunner, { judgeContext, ...violation }: Violation): void => {
  const at = (time: Date) => {
    vi.useFakeTimers({ toFake: ['Date'], now: time });
    try {
      return decided({ ...violation, judgeContext });
    } finally {
      vi.useRealTimers();
    }
  };
  expect(at(new Date('2030-01-01')), 'what judge and fix return at another time').toBe(
    at(new Date('2040-06-15')),
  );

  for (const [partition, region] of Object.entries(OTHER_PARTITIONS)) {
    const { observation } = violation;
    const answered = (value: unknown): unknown =>
      value === undefined
        ? undefined
        : JSON.parse(JSON.stringify(value).replaceAll('arn:aws:', `arn:${partition}:`));
    const { accountId, now } = judgeContext;
    const context = run.contextAt({ accountId, now, region, partition });
    const facts = answered(observation.facts);
    const verdict = run.rule.judge(facts, context);
    const concerned = !run.notIn.includes(partition);
    expectVerdict(verdict, concerned ? violation.verdict.complianceType : 'NOT_APPLICABLE');
    if (!concerned) continue;
    const there = { ...observation, facts, handles: answered(observation.handles) };
    // The id of some types is an ARN.
    const resource = Resource.parse(answered(violation.resource));
    expect(
      decided({ ...violation, resource, verdict, observation: there, judgeContext: context }),
      `what judge and fix return in partition ${partition}`,
    ).not.toContain('arn:aws:');
  }
};

/** The facts, the annotation and the fix as one text, without the undo that depends on an answer. */
const decided = ({ rule, resource, observation, judgeContext }: Violation): string => {
  const { facts, handles } = observation;
  const verdict = rule.judge(facts, judgeContext);
  const fix = rule.fix?.({ ...judgeContext, resource, facts, handles }) ?? { manual: rule.guidance };
  const steps = 'steps' in fix ? fix.steps.map(decidedStep) : [];
  return canonical(asJson({ facts, annotation: annotationOf(verdict) ?? null, ...fix, steps }));
};

const decidedStep = (step: Step) =>
  step.type === 'edit'
    ? [step.document.kind, step.key, step.region, step.apply(step.document.defaults)]
    : [
        operationId(step.operation),
        step.input,
        step.region,
        typeof step.undo === 'function'
          ? 'after the answer'
          : 'impossible' in step.undo
            ? step.undo
            : step.undo.input,
      ];

const journalHeader = (plan: Plan, now: Date) => ({
  changeId: `change-of-${plan.id}`,
  planId: plan.id,
  command: plan.command,
  accountId: plan.accountId,
  region: plan.region,
  partition: 'aws',
  resource: plan.resource,
  description: plan.description,
  executionId: 'contract',
  startedAt: now.toISOString(),
  factsBefore: plan.facts,
  status: 'applying' as const,
});
