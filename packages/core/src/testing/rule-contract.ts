import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { AccountId } from '../base/account-id.ts';
import { grantAction, isImplied } from '../aws/grant.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { Phase, Rule } from '../rule/rule.ts';
import { arbitraryOf } from './arbitrary.ts';
import { expectFixedAndUndone, expectFixedOneWay, expectManual, expectSettling } from './contract-fix.ts';
import { expectObserved, expectRegionsApart } from './contract-observation.ts';
import { createContractRunner, REGION, type ContractRunner } from './contract-runner.ts';
import { emulatedAccount, type EmulatedAccount } from './emulator.ts';
import { OTHER_PARTITIONS } from './other-partitions.ts';

/** Seeds an empty account in the session's Region and returns the resource to judge. */
export type Seed = (admin: Session) => Promise<Resource>;
type Seeds = Readonly<Record<string, Seed>>;

/** A violation whose fix takes effect only after AWS or a person did the rest. */
export interface SettlingSeed {
  readonly seed: Seed;
  /** Does what AWS or a person does after the fix, or says why the emulator cannot. */
  readonly settle: ((resource: Resource, admin: Session) => Promise<unknown>) | { readonly unproven: string };
}

/** Seeds of a rule, eight at most: what facts decide belongs into the rule's own tests, which need no emulator. */
export interface RuleFixtures {
  /** Parameters as in the settings, with placeholders such as `{partition}`; the rule's defaults when left out. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly compliant: Seeds;
  /** Each of these must have an automatic fix that can be undone. */
  readonly nonCompliant: Seeds;
  readonly notApplicable?: Seeds;
  /** NON_COMPLIANT, with a fix that a person must make. */
  readonly manual?: Seeds;
  /** NON_COMPLIANT, with an irreversible fix whose plan says why it cannot be undone. */
  readonly oneWay?: Seeds;
  /** NON_COMPLIANT before the fix and after it, with `effectiveAfter`. */
  readonly settling?: Readonly<Record<string, SettlingSeed>>;
  /**
   * Why `get` also reads resources of other Regions. A rule of every Region otherwise sees those of its Region alone:
   * the first compliant seed is made here and the first violating one, of whatever kind, in a second Region.
   */
  readonly elsewhere?: string;
  /** Partitions that the rule does not concern: everything in them is NOT_APPLICABLE. */
  readonly notIn?: readonly (keyof typeof OTHER_PARTITIONS)[];
  /** A resource that does not exist; left out when the resource always exists, such as the account. */
  readonly gone?: Resource;
  /** The live configuration item of a resource in the form of events, for rules that a change triggers. */
  readonly item?: (resource: Resource, admin: Session) => Promise<unknown>;
  /** What is compliant in or around the resource, and so must be the same after a fix as before. */
  readonly untouched?: (resource: Resource, admin: Session) => Promise<unknown>;
  /** Declared grants that the emulator cannot make the rule use, each with the reason. */
  readonly unproven?: Readonly<Record<string, string>>;
  /** The time of the verdicts, for rules that judge ages: the emulator dates everything at the present. */
  readonly now?: Date;
  /** Another time at which a violation has the same plan; a day after `now` when left out. */
  readonly later?: Date;
}

/** Opens an empty account that no other check uses. */
type OpenAccount = () => Promise<EmulatedAccount>;

/** One promise of a rule. Rejects when the rule breaks it. */
export interface ContractCheck {
  readonly title: string;
  readonly run: (open: OpenAccount) => Promise<void>;
}

/**
 * Proves on the emulator what every rule promises.
 * It observes the same facts under the same name, ARN and tags by item, by get and by list, in its own Region. Its
 * verdicts never throw and give a reason. Its plan writes nothing, and depends neither on the clock nor on a partition.
 * Its fix makes the resource compliant, once, and changes nothing else. Its undo restores the facts, or is announced as
 * impossible. It uses exactly the permissions that it declares.
 */
export const describeRuleContract = (rule: Rule, fixtures: RuleFixtures): void => {
  const { checks, expectPermissionsUsed } = contractOf(rule, fixtures);
  describe(`${rule.command} keeps the contract of a rule`, () => {
    test.for(checks.map((check) => [check.title, check] as const))('%s', EMULATOR, async ([, { run }]) => {
      expect.hasAssertions();
      await run(() => emulatedAccount(REGION));
    });
    // Undeclared actions were refused when they were called; here, each declared action must have been used.
    afterAll(expectPermissionsUsed);
  });
};

/** The contract as checks. Permissions are checked after all of them. */
export const contractOf = (rule: Rule, fixtures: RuleFixtures) => {
  const { compliant, nonCompliant, notApplicable, manual, oneWay, settling } = fixtures;
  const kinds = [compliant, nonCompliant, notApplicable, manual, oneWay, settling];
  const seeds = kinds.flatMap((kind) => Object.keys(kind ?? {})).length;
  if (seeds > MAX_SEEDS)
    throw new Error(
      `Too many seeds: ${rule.command} has ${seeds}, not ${MAX_SEEDS} at most. Test what facts decide in rule.test.ts.`,
    );
  const run = createContractRunner(rule, fixtures);
  return {
    checks: [
      ...verdictChecks(run, fixtures),
      ...violationChecks(run, fixtures),
      ...regionChecks(run, fixtures),
      ...goneChecks(run, fixtures),
      judgeCheck(run),
    ] satisfies ContractCheck[],
    expectPermissionsUsed: () => expectPermissionsUsed(run, fixtures),
  };
};

const PHASES = ['list', 'get', 'fix', 'undo'] as const satisfies readonly Phase[];
const EMULATOR = { timeout: 30_000 };
/** Each costs a tenth of a second. */
const MAX_SEEDS = 8;

const verdictChecks = (
  run: ContractRunner,
  { compliant, notApplicable = {}, item }: RuleFixtures,
): ContractCheck[] => {
  const checkOf =
    (complianceType: 'COMPLIANT' | 'NOT_APPLICABLE') =>
    ([name, seed]: [string, Seed]): ContractCheck => ({
      title: `${name} is ${complianceType}, however it is observed`,
      run: async (open) => {
        const account = await open();
        await expectObserved(run, account, { resource: await seed(account.admin), complianceType, item });
      },
    });
  return [
    ...Object.entries(compliant).map(checkOf('COMPLIANT')),
    ...Object.entries(notApplicable).map(checkOf('NOT_APPLICABLE')),
  ];
};

const violationChecks = (run: ContractRunner, fixtures: RuleFixtures): ContractCheck[] => {
  const { nonCompliant, manual = {}, oneWay = {}, settling = {}, item, untouched } = fixtures;
  type Expect = (violating: Parameters<typeof expectManual>[0]) => Promise<void>;
  const checkOf =
    (then: string, expectThat: Expect) =>
    ([name, seed]: [string, Seed]): ContractCheck => ({
      title: `${name} is NON_COMPLIANT, however it is observed, and is ${then}`,
      run: async (open) => {
        const account = await open();
        const resource = await seed(account.admin);
        await expectObserved(run, account, { resource, complianceType: 'NON_COMPLIANT', item });
        await expectThat({ run, account, resource, untouched });
      },
    });
  const planned = 'planned without a write, fixed once';
  return [
    ...Object.entries(nonCompliant).map(checkOf(`${planned}, and undone`, expectFixedAndUndone)),
    ...Object.entries(oneWay).map(checkOf(`${planned}, and its undo is refused`, expectFixedOneWay)),
    ...Object.entries(settling).map(([name, { seed, settle }]) =>
      checkOf('planned without a write, applied, undone, and COMPLIANT after the rest', (violating) =>
        expectSettling(violating, { settle }),
      )([name, seed]),
    ),
    ...Object.entries(manual).map(checkOf('left to a person, with what to do', expectManual)),
  ];
};

const regionChecks = (run: ContractRunner, fixtures: RuleFixtures): ContractCheck[] => {
  const { compliant, nonCompliant, oneWay = {}, settling = {}, manual = {}, elsewhere } = fixtures;
  const [here] = Object.values(compliant);
  const settlingSeeds = Object.values(settling).map(({ seed }) => seed);
  const [there] = [nonCompliant, oneWay, settlingSeeds, manual].flatMap((kind) => Object.values(kind));
  if (run.rule.deploy !== 'every-region' || !here || !there) return [];
  return [
    {
      title: 'each Region sees its own resources and verdicts, although one session reads both',
      run: async (open) =>
        expectRegionsApart(run, await open(), { compliant: here, violating: there, reach: elsewhere }),
    },
  ];
};

const goneChecks = (run: ContractRunner, { gone }: RuleFixtures): ContractCheck[] =>
  gone
    ? [
        {
          title: 'a resource that is gone is observed as gone',
          run: async (open) => {
            await expect(run.get(await open(), gone)).resolves.toBeUndefined();
          },
        },
      ]
    : [];

const judgeCheck = ({ rule, contextAt }: ContractRunner): ContractCheck => ({
  title:
    'judge returns a verdict for any facts of the schema in any partition, with a reason unless COMPLIANT',
  run: async () => {
    const accountId = AccountId.parse('111122223333');
    const places = [['aws', REGION], ...Object.entries(OTHER_PARTITIONS)] as const;
    const contexts = places.map(([partition, region]) => contextAt({ accountId, region, partition }));
    fc.assert(
      fc.property(arbitraryOf(rule.facts), fc.constantFrom(...contexts), (facts, context) => {
        const verdict = rule.judge(facts, context);
        expect(verdict).toEqual(rule.judge(facts, context));
        if (verdict.complianceType === 'COMPLIANT') return;
        expect(verdict.annotation.trim()).not.toBe('');
        if (context.partition !== 'aws') expect(verdict.annotation).not.toContain('arn:aws:');
      }),
    );
  },
});

const expectPermissionsUsed = ({ rule, used }: ContractRunner, { unproven = {} }: RuleFixtures): void => {
  for (const phase of PHASES) {
    const grants = rule.permissions[phase];
    const declared = new Set(grants.filter((grant) => !isImplied(grant)).map(grantAction));
    const provable = [...declared].filter((action) => !(action in unproven)).toSorted();
    const proven = [...used[phase]].filter((action) => !(action in unproven)).toSorted();
    expect(proven, `${rule.command}: the actions used to ${phase} equal those declared`).toEqual(provable);
  }
};
