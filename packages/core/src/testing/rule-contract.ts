import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { AccountId } from '../base/account-id.ts';
import { asJson, canonical } from '../base/json.ts';
import { grantAction, isImplied } from '../aws/grant.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import { parseConfigurationItem } from '../rule/configuration-item.ts';
import type { Listed, Observation, Phase, Rule } from '../rule/rule.ts';
import type { ComplianceType, Verdict } from '../rule/verdict.ts';
import { Plan, planIdOf } from '../plan/plan.ts';
import { planFix, type ExecutablePlan, type Violation } from '../plan/plan-fix.ts';
import { openJournal, readChange } from '../state/journal.ts';
import { runSteps } from '../remediate/run-steps.ts';
import { undoSteps } from '../operate/undo-steps.ts';
import { arbitraryOf } from './arbitrary.ts';
import { createContractRunner, present, REGION, type ContractRunner } from './contract-runner.ts';
import { emulatedAccount, type EmulatedAccount } from './emulator.ts';
import { memoryTable } from './memory-table.ts';

/** Seeds an empty account of the emulator and returns the resource to judge. */
type Seed = (admin: Session) => Promise<Resource>;

export interface RuleFixtures {
  /** Parameters as in the settings; the rule's defaults when left out. */
  readonly parameters?: object;
  readonly compliant: Readonly<Record<string, Seed>>;
  /** Each of these must have an automatic fix. */
  readonly nonCompliant: Readonly<Record<string, Seed>>;
  readonly notApplicable?: Readonly<Record<string, Seed>>;
  /** NON_COMPLIANT, with a fix that a person must make. */
  readonly manual?: Readonly<Record<string, Seed>>;
  /** A resource that does not exist; left out when the resource always exists, such as the account. */
  readonly gone?: Resource;
  /** The live configuration item of a resource in the form of events, for rules that read items. */
  readonly item?: (resource: Resource, admin: Session) => Promise<unknown>;
  /** What is compliant in or around the resource, and so must be the same after a fix as before. */
  readonly untouched?: (resource: Resource, admin: Session) => Promise<unknown>;
  /** Declared grants that the emulator cannot make the rule use, each with the reason. */
  readonly unproven?: Readonly<Record<string, string>>;
  /** The time of the verdicts, for rules that judge ages: the emulator dates everything at the present. */
  readonly now?: Date;
}

/**
 * Proves on the emulator what every rule promises.
 * It observes the same by item, by get and by list. Its verdicts never throw and give a reason. Its plan writes
 * nothing. Its fix makes the resource compliant, once, and changes nothing else. Its undo restores the facts. It uses
 * exactly the permissions that it declares.
 */
export const describeRuleContract = (rule: Rule, fixtures: RuleFixtures): void => {
  const { parameters = {}, now = NOW } = fixtures;
  const run = createContractRunner(rule, { parameters, now });

  describe(`${rule.command} keeps the contract of a rule`, () => {
    describeVerdicts(run, fixtures);
    describeFixes(run, fixtures);
    describeManualFixes(run, fixtures);
    describePermissions(run, fixtures);
    describeJudge(run);
  });
};

const PHASES = ['list', 'get', 'fix', 'undo'] as const satisfies readonly Phase[];
const EMULATOR = { timeout: 30_000 };
const NOW = new Date();

const describeVerdicts = (run: ContractRunner, fixtures: RuleFixtures): void => {
  const expected: Partial<Record<ComplianceType, Readonly<Record<string, Seed>>>> = {
    COMPLIANT: fixtures.compliant,
    NON_COMPLIANT: { ...fixtures.nonCompliant, ...fixtures.manual },
    NOT_APPLICABLE: fixtures.notApplicable ?? {},
  };
  for (const [complianceType, seeds] of Object.entries(expected))
    for (const [name, seed] of Object.entries(seeds))
      test(
        `${name} is ${complianceType}, however it is observed`,
        EMULATOR,
        onEmulator(async (account) => {
          const resource = await seed(account.admin);
          const observation = present(await run.get(account, resource));
          expect(run.rule.facts.parse(observation.facts)).toEqual(observation.facts);
          expectVerdict(run.judge(account, observation), complianceType);
          await expectListingAgrees(run, account, { resource, observation });
          await expectItemAgrees(run, fixtures, { account, resource, observation });
        }),
      );

  const { gone } = fixtures;
  if (gone)
    test(
      'a resource that is gone is observed as gone',
      EMULATOR,
      onEmulator(async (account) => {
        await expect(run.get(account, gone)).resolves.toBeUndefined();
      }),
    );
};

const describeFixes = (run: ContractRunner, { nonCompliant, untouched }: RuleFixtures): void => {
  for (const [name, seed] of Object.entries(nonCompliant))
    test(
      `${name} is planned without a write, fixed once, and undone`,
      EMULATOR,
      onEmulator(async (account) => {
        const resource = await seed(account.admin);
        const violation = await run.violation(account, resource);
        const surroundings = await untouched?.(resource, account.admin);

        const planned = await expectPlan(run, account, violation);
        const undo = await expectFix(run, account, { resource, planned });
        expect(await untouched?.(resource, account.admin)).toEqual(surroundings);
        await undo();
        expect(present(await run.get(account, resource)).facts).toEqual({
          ...Object(violation.observation.facts),
          ...Object(planned.change.undoLeaves),
        });
      }),
    );
};

const describeManualFixes = (run: ContractRunner, { manual = {} }: RuleFixtures): void => {
  for (const [name, seed] of Object.entries(manual))
    test(
      `${name} is left to a person, with what to do`,
      EMULATOR,
      onEmulator(async (account) => {
        const violation = await run.violation(account, await seed(account.admin));
        const result = await run.during(account, ['get'], (session) => planFix(violation, session));
        expect(result).toEqual({ manual: expect.stringMatching(/\S/) });
      }),
    );
};

const describePermissions = ({ rule, used }: ContractRunner, { unproven = {} }: RuleFixtures): void => {
  // Undeclared actions were refused when they were called; here, each declared action must have been used.
  afterAll(() => {
    for (const phase of PHASES) {
      const grants = rule.permissions[phase];
      const declared = new Set(grants.filter((grant) => !isImplied(grant)).map(grantAction));
      const provable = [...declared].filter((action) => !(action in unproven)).toSorted();
      const proven = [...used[phase]].filter((action) => !(action in unproven)).toSorted();
      expect(proven, `${rule.command}: the actions used to ${phase} equal those declared`).toEqual(provable);
    }
  });
};

const describeJudge = ({ rule, judgeContext }: ContractRunner): void => {
  test('judge returns a verdict for any facts of the schema, with a reason unless COMPLIANT', () => {
    const context = judgeContext(AccountId.parse('111122223333'));
    fc.assert(
      fc.property(arbitraryOf(rule.facts), (facts) => {
        const verdict = rule.judge(facts, context);
        expect(verdict).toEqual(rule.judge(facts, context));
        if (verdict.complianceType !== 'COMPLIANT') expect(verdict.annotation.trim()).not.toBe('');
      }),
    );
  });
};

const onEmulator = (body: (account: EmulatedAccount) => Promise<void>) => async (): Promise<void> =>
  body(await emulatedAccount(REGION));

/** The same plan twice, with an IaC snippet, and the resource as before. */
const expectPlan = async (
  run: ContractRunner,
  account: EmulatedAccount,
  violation: Violation,
): Promise<ExecutablePlan> => {
  const plan = () => run.during(account, ['get'], (session) => planFix(violation, session));
  const planned = await plan();
  if ('manual' in planned) throw new Error(`Expected an automatic fix, not a manual one: ${planned.manual}`);
  // When code manages the resource, its owner gets the fix in the words of that code.
  expect(planned.plan.inCode?.terraform).toMatch(/^aws_\w+.*: \S/);
  await expect(plan()).resolves.toMatchObject({ plan: { id: planned.plan.id } });
  expect(planIdOf(Plan.parse(asJson(planned.plan)))).toBe(planned.plan.id);
  expect(present(await run.get(account, violation.resource)).facts).toEqual(violation.observation.facts);
  return planned;
};

/** Fixes the resource and expects it to be COMPLIANT. Returns the undo. */
const expectFix = async (
  run: ContractRunner,
  account: EmulatedAccount,
  { resource, planned: { plan, change } }: { resource: Resource; planned: ExecutablePlan },
): Promise<() => Promise<unknown>> => {
  const table = memoryTable();
  const journal = await openJournal(table, journalHeader(plan));
  const { error } = await run.during(account, ['get', 'fix'], (session) =>
    runSteps(change, { session, journal, table }),
  );
  expect(error).toBeUndefined();
  const after = await run.violation(account, resource);
  expect(after.verdict).toEqual({ complianceType: 'COMPLIANT' });

  const stored = present(await readChange(table, journal.header.changeId));
  return () =>
    run.during(account, ['get', 'undo'], (session) =>
      undoSteps(run.rule, stored.entries, { session, journal: stored.journal, table }),
    );
};

interface Observed {
  readonly resource: Resource;
  readonly observation: Observation;
}

const expectListingAgrees = async (
  run: ContractRunner,
  account: EmulatedAccount,
  { resource, observation }: Observed,
): Promise<void> => {
  const listed = await run.list(account);
  const found = listed.filter((candidate) => isSameResource(candidate.resource, resource));
  expect(found).toHaveLength(1);
  for (const other of found) if (hasFacts(other)) expect(other.facts).toEqual(observation.facts);
};

const expectItemAgrees = async (
  { rule }: ContractRunner,
  { item }: RuleFixtures,
  { account, resource, observation }: Observed & { readonly account: EmulatedAccount },
): Promise<void> => {
  if (!rule.observe.item) return;
  if (!item)
    throw new Error(`Missing fixture 'item': ${rule.command} reads configuration items. Add the fixture.`);
  const fromItem = rule.observe.item(parseConfigurationItem(await item(resource, account.admin)));
  if (fromItem) expect(fromItem.facts).toEqual(observation.facts);
};

const expectVerdict = (verdict: Verdict, complianceType: string) => {
  expect(verdict.complianceType, canonical(verdict)).toBe(complianceType);
};

const isSameResource = (a: Resource, b: Resource) =>
  a.resourceType === b.resourceType && a.resourceId === b.resourceId;

const hasFacts = (listed: Listed): listed is Listed & Observation => 'facts' in listed;

const journalHeader = (plan: Plan) => ({
  changeId: `change-of-${plan.id}`,
  planId: plan.id,
  command: plan.command,
  accountId: plan.accountId,
  region: plan.region,
  partition: 'aws',
  resource: plan.resource,
  description: plan.description,
  executionId: 'contract',
  startedAt: NOW.toISOString(),
  factsBefore: plan.facts,
  status: 'applying' as const,
});
