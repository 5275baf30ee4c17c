import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { AccountId } from '../base/account-id.ts';
import { asJson, canonical } from '../base/json.ts';
import { grantAction, isImplied, type Grant } from '../aws/grant.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import { parseConfigurationItem } from '../rule/configuration-item.ts';
import type { Listed, Observation, Phase, Rule } from '../rule/rule.ts';
import type { ComplianceType, Verdict } from '../rule/verdict.ts';
import { planFix, type Violation } from '../plan/plan-fix.ts';
import { Plan, planIdOf } from '../plan/plan.ts';
import { openJournal, readChange } from '../state/journal.ts';
import { runSteps } from '../remediate/run-steps.ts';
import { undoSteps } from '../operate/undo-steps.ts';
import { arbitraryOf } from './arbitrary.ts';
import { emulatedAccount, type EmulatedAccount } from './emulator.ts';
import { memoryTable } from './memory-table.ts';

/** Makes a situation in an empty account of the emulator and names the resource that the rule is to judge. */
export type Seed = (admin: Session) => Promise<Resource>;

export interface RuleFixtures {
  /** Parameters as settings give them; the rule's defaults where left out. */
  readonly parameters?: object;
  readonly compliant: Readonly<Record<string, Seed>>;
  /** Each of these must have a fix that a machine may apply. */
  readonly nonCompliant: Readonly<Record<string, Seed>>;
  readonly notApplicable?: Readonly<Record<string, Seed>>;
  /** NON_COMPLIANT, and for a person to mend. */
  readonly manual?: Readonly<Record<string, Seed>>;
  /** A resource that is not there; left out for what always is, as the account. */
  readonly gone?: Resource;
  /** The event-form configuration item of a resource as it is now, for rules that read items. */
  readonly item?: (resource: Resource, admin: Session) => Promise<unknown>;
  /** What in or around the resource is compliant and so must be the same after a fix as before. */
  readonly untouched?: (resource: Resource, admin: Session) => Promise<unknown>;
  /** Declared grants that the emulator cannot make the rule use, each with the reason. */
  readonly unproven?: Readonly<Record<string, string>>;
  /** When verdicts are given, for rules that judge ages: the emulator dates all it makes at the present. */
  readonly now?: Date;
}

/**
 * What every rule promises, proven on the emulator: it sees the same by item, by one and by list; its verdicts
 * never throw and say why; its plan writes nothing; its fix makes the resource compliant, once, and touches nothing
 * else; its undo brings the facts back; and it uses exactly the permissions it declares.
 */
export const describeRuleContract = (rule: Rule, fixtures: RuleFixtures): void => {
  const used: Record<Phase, Set<string>> = {
    list: new Set(),
    get: new Set(),
    fix: new Set(),
    undo: new Set(),
  };
  const run = runnerOf(rule, fixtures, used);

  describe(`${rule.command} keeps the contract of a rule`, () => {
    describeVerdicts(run, fixtures);
    describeFixes(run, fixtures);
    describePermissions(rule, fixtures, used);

    test('judge is total: a verdict for any facts of the schema, and a reason unless COMPLIANT', () => {
      const context = run.context(AccountId.parse('111122223333'));
      fc.assert(
        fc.property(arbitraryOf(rule.facts), (facts) => {
          const verdict = rule.judge(facts, context);
          expect(verdict).toEqual(rule.judge(facts, context));
          if (verdict.complianceType !== 'COMPLIANT') expect(verdict.annotation.trim()).not.toBe('');
        }),
      );
    });
  });
};

const PHASES = ['list', 'get', 'fix', 'undo'] as const satisfies readonly Phase[];
const EMULATOR_TIMEOUT_MS = 30_000;
const REGION = 'eu-west-1';
const NOW = new Date();

type Runner = ReturnType<typeof runnerOf>;

/** The rule's own functions, each run with the grants of its phase and nothing more. */
const runnerOf = (
  rule: Rule,
  { parameters = {}, now = NOW }: RuleFixtures,
  used: Record<Phase, Set<string>>,
) => {
  const parsed = rule.parameters.parse(parameters);
  const context = (accountId: AccountId) => ({ parameters: parsed, accountId, region: REGION, now });

  /** Does the work with a session of these phases; what it uses counts for the first phase that grants it. */
  const during = async <T>(
    account: EmulatedAccount,
    phases: readonly Phase[],
    work: (session: Session) => Promise<T>,
  ) => {
    const session = account.as(phases.flatMap((phase) => rule.permissions[phase]));
    const result = await work(session);
    for (const action of session.used) {
      const phase = phases.findLast((candidate) => rule.permissions[candidate].some(isGrantOf(action)));
      if (phase) used[phase].add(action);
    }
    return { result, actions: session.used };
  };

  const one = async (account: EmulatedAccount, resource: Resource) =>
    (await during(account, ['get'], (session) => rule.observe.get(resource, { session }))).result;

  const list = async (account: EmulatedAccount) =>
    (await during(account, ['list'], (session) => Array.fromAsync(rule.observe.list({ session })))).result;

  const judge = (account: EmulatedAccount, observation: Observation) =>
    rule.judge(observation.facts, context(account.accountId));

  const finding = async (account: EmulatedAccount, resource: Resource): Promise<Violation> => {
    const observation = present(await one(account, resource));
    const verdict = judge(account, observation);
    return { rule, resource, observation, verdict, judgeContext: context(account.accountId) };
  };

  return { rule, context, during, one, list, judge, finding };
};

const isGrantOf = (action: string) => (grant: Grant) => !isImplied(grant) && grantAction(grant) === action;

const describeVerdicts = (run: Runner, fixtures: RuleFixtures): void => {
  const expected: Partial<Record<ComplianceType, Readonly<Record<string, Seed>>>> = {
    COMPLIANT: fixtures.compliant,
    NON_COMPLIANT: { ...fixtures.nonCompliant, ...fixtures.manual },
    NOT_APPLICABLE: fixtures.notApplicable ?? {},
  };
  for (const [complianceType, seeds] of Object.entries(expected))
    for (const [name, seed] of Object.entries(seeds))
      test(
        `${name} is ${complianceType}, however it is observed`,
        { timeout: EMULATOR_TIMEOUT_MS },
        async () => {
          const account = await emulatedAccount(REGION);
          const resource = await seed(account.admin);
          const observation = present(await run.one(account, resource));
          expect(run.rule.facts.parse(observation.facts)).toEqual(observation.facts);
          expectVerdict(run.judge(account, observation), complianceType);

          const listed = await run.list(account);
          const found = listed.filter((candidate) => isSameResource(candidate.resource, resource));
          expect(found).toHaveLength(1);
          for (const other of found) if (hasFacts(other)) expect(other.facts).toEqual(observation.facts);

          await expectItemAgrees(run, fixtures, { account, resource, observation });
        },
      );

  const { gone } = fixtures;
  if (gone)
    test('a resource that is gone is observed as gone', { timeout: EMULATOR_TIMEOUT_MS }, async () => {
      const account = await emulatedAccount(REGION);
      await expect(run.one(account, gone)).resolves.toBeUndefined();
    });
};

const describeFixes = (run: Runner, fixtures: RuleFixtures): void => {
  for (const [name, seed] of Object.entries(fixtures.nonCompliant))
    test(
      `${name} is planned without a write, fixed once, and undone`,
      { timeout: EMULATOR_TIMEOUT_MS },
      async () => {
        const account = await emulatedAccount(REGION);
        const resource = await seed(account.admin);
        const before = await run.finding(account, resource);
        const surroundings = await fixtures.untouched?.(resource, account.admin);

        const { result: planned } = await run.during(account, ['get'], (session) => planFix(before, session));
        if ('manual' in planned) throw new Error(`A machine's fix was expected, not: ${planned.manual}`);
        // Where code owns the resource, its owner is told in that code's words.
        expect(planned.plan.inCode?.terraform).toMatch(/^aws_\w+.*: \S/);
        const again = await run.during(account, ['get'], (session) => planFix(before, session));
        expect(again.result).toMatchObject({ plan: { id: planned.plan.id } });
        expect(planIdOf(Plan.parse(asJson(planned.plan)))).toBe(planned.plan.id);
        expect(present(await run.one(account, resource)).facts).toEqual(before.observation.facts);

        const table = memoryTable();
        const journal = await openJournal(table, headerOf(planned.plan));
        const { result: applied } = await run.during(account, ['get', 'fix'], (session) =>
          runSteps(planned.change, { session, journal, table }),
        );
        expect(applied.error).toBeUndefined();
        const after = await run.finding(account, resource);
        expect(after.verdict).toEqual({ complianceType: 'COMPLIANT' });
        expect(await fixtures.untouched?.(resource, account.admin)).toEqual(surroundings);

        const recorded = present(await readChange(table, journal.header.changeId));
        await run.during(account, ['get', 'undo'], (session) =>
          undoSteps(run.rule, recorded.entries, { session, journal: recorded.journal, table }),
        );
        const undone = present(await run.one(account, resource));
        expect(undone.facts).toEqual({
          ...Object(before.observation.facts),
          ...Object(planned.change.undoLeaves),
        });
      },
    );

  for (const [name, seed] of Object.entries(fixtures.manual ?? {}))
    test(
      `${name} is left to a person, who is told what to do`,
      { timeout: EMULATOR_TIMEOUT_MS },
      async () => {
        const account = await emulatedAccount(REGION);
        const finding = await run.finding(account, await seed(account.admin));
        const { result } = await run.during(account, ['get'], (session) => planFix(finding, session));
        expect(result).toEqual({ manual: expect.stringMatching(/\S/) });
      },
    );
};

const describePermissions = (
  rule: Rule,
  { unproven = {} }: RuleFixtures,
  used: Readonly<Record<Phase, ReadonlySet<string>>>,
): void => {
  // Undeclared actions were refused as they were made; here, what was declared must have been needed.
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

const expectItemAgrees = async (
  { rule }: Runner,
  { item }: RuleFixtures,
  {
    account,
    resource,
    observation,
  }: { account: EmulatedAccount; resource: Resource; observation: Observation },
): Promise<void> => {
  if (!rule.observe.item) return;
  if (!item)
    throw new Error(`${rule.command} reads configuration items: give the contract an 'item' fixture.`);
  const seen = rule.observe.item(parseConfigurationItem(await item(resource, account.admin)));
  if (seen) expect(seen.facts).toEqual(observation.facts);
};

const expectVerdict = (verdict: Verdict, complianceType: string) => {
  expect(verdict.complianceType, canonical(verdict)).toBe(complianceType);
};

const isSameResource = (a: Resource, b: Resource) =>
  a.resourceType === b.resourceType && a.resourceId === b.resourceId;

const hasFacts = (listed: Listed): listed is Listed & Observation => 'facts' in listed;

const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('The fixture seeded a resource that the rule does not see.');
  return value;
};

const headerOf = (plan: Plan) => ({
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
