import { styleText } from 'node:util';

import { configRuleName, withoutPackSuffix, type OperatorAnswer, type Rule } from '@compliance/core';
import {
  assess,
  coverage,
  frameworks,
  type CoveredRequirement,
  type Framework,
} from '@compliance/frameworks';
import { localSettings } from '@compliance/local-deployment';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { loadAllRules } from '@compliance/registry';
import { contractFixtures, type ContractFixtures } from '@compliance/rule-fixtures';

import { approvePlan } from '../operator/approve-plan.ts';
import { askOperator } from '../operator/ask-operator.ts';
import { getPlan } from '../operator/get-plan.ts';
import { frameworksTable, frameworkText, summaryOf } from '../output/framework-text.ts';
import { operatorOf } from './acts.ts';
import { drawFamilyGrid, familiesByCommand } from './family-grid.ts';
import { ACCOUNTS, MANAGEMENT, seedContracts, violatingSeeds, type Seeded } from './seed-contracts.ts';
import {
  accountName,
  countViolations,
  deployStage,
  printHeading,
  readOpenPlans,
  type Stage,
} from './stage.ts';

/** What the demo of all rules showed. */
interface ShownRules {
  readonly rules: number;
  readonly seeded: number;
  readonly violations: number;
  /** Rules of which a violation was fixed, and of these the ones whose fix was undone. */
  readonly fixed: number;
  readonly undone: number;
  /** Rules whose fix or undo did not do what its plan says. */
  readonly failed: readonly string[];
  readonly seconds: number;
}

/** Shows every rule once: seeds its violations, finds them, fixes and undoes one, and prints the frameworks. */
export const runDemoOfAll = async (print: Stage['print']): Promise<ShownRules> => {
  const startedAt = performance.now();
  const rules = await loadAllRules();
  const contracts = await contractFixtures(rules.map(({ command }) => command));
  print('Starting a simulated AWS organization: one master and six member accounts …');
  const org = await startLocalOrg({ homeRegion: 'eu-west-1', members: ACCOUNTS, management: MANAGEMENT });
  try {
    print(`Creating the violations that the contracts of ${rules.length} rules are tested with …`);
    const seeded = await seedContracts(org, contracts, (command) =>
      rules.some((rule) => rule.command === command && rule.only !== undefined),
    );
    print('Deploying functions, roles, Automation document and conformance packs …');
    const stage = await deployStage(org, {
      print,
      rules,
      settings: settingsFor(org, contracts),
      stopped: false,
    });
    const violations = countViolations(stage);
    printFamilies(stage, violations);
    printUnseen(stage, contracts, seeded);
    const outcomes = await fixAndUndoEach(stage);
    printFrameworks(stage);
    const count = (is: (outcome: Outcome) => boolean) => outcomes.filter(is).length;
    const shown: ShownRules = {
      rules: rules.length,
      seeded: seeded.violations,
      violations,
      fixed: count(({ isFixed }) => isFixed),
      undone: count(({ isUndone }) => isUndone),
      failed: outcomes.filter(({ isFailed }) => isFailed).map(({ command }) => command),
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    };
    printShown(shown, print);
    return shown;
  } finally {
    await org.stop();
  }
};

/** Every rule needs an approval, with the parameters of its contract. The limits are those of years, not of an hour. */
const settingsFor = (org: LocalOrg, contracts: readonly ContractFixtures[]) =>
  localSettings(org, {
    defaults: { mode: 'approve' },
    limits: { maxSharePerHour: 1, fixesPerHour: { organization: 10_000 } },
    rules: Object.fromEntries(
      contracts
        .toReversed()
        .flatMap(({ command, fixtures: { parameters } }) => (parameters ? [[command, { parameters }]] : [])),
    ),
  });

const printFamilies = (stage: Stage, violations: number): void => {
  printHeading(stage, `Found: ${violations} violations, by account and family`);
  const families = familiesByCommand(stage.rules);
  const rules = [...families].map(([command, family]) => ({ ruleName: configRuleName(command), family }));
  stage.print(drawFamilyGrid(verdictsOf(stage), { accounts: stage.org.organization.members, rules }));
};

const verdictsOf = ({ org }: Stage) =>
  org.verdicts().map((verdict) => ({ ...verdict, ruleName: withoutPackSuffix(verdict.ruleName) }));

/** Says of which rules there is no violation, and why. */
const printUnseen = (stage: Stage, contracts: readonly ContractFixtures[], { missing }: Seeded): void => {
  const violated = new Set(
    verdictsOf(stage)
      .filter(({ complianceType }) => complianceType === 'NON_COMPLIANT')
      .map(({ ruleName }) => ruleName),
  );
  const unseen = stage.rules.filter(({ command }) => !violated.has(configRuleName(command)));
  if (unseen.length === 0) return;
  printHeading(stage, `Not shown: ${unseen.length} rules have no violation here`);
  for (const { command } of unseen) {
    const own = contracts.filter((contract) => contract.command === command);
    stage.print(`  ${command}: ${missing.get(command) ?? whyUnseen(own)}`);
  }
};

const whyUnseen = (contracts: readonly ContractFixtures[]): string => {
  if (contracts.some(({ fixtures }) => fixtures.now !== undefined)) return 'its violations need time to pass';
  return contracts.some((contract) => violatingSeeds(contract).length > 0)
    ? 'what the contracts of other rules create leaves none'
    : 'its contract seeds none, because facts alone decide';
};

interface Outcome {
  readonly isFixed: boolean;
  readonly isUndone: boolean;
  readonly isFailed: boolean;
  readonly what: string;
}

interface RuleOutcome extends Outcome {
  readonly command: string;
}

/** Fixes one violation of each rule and undoes the fix; where that fails, it tries the next violation. */
const fixAndUndoEach = async (stage: Stage): Promise<readonly RuleOutcome[]> => {
  const plans = await readOpenPlans(stage);
  const byRule = Map.groupBy(plans, ({ plan }) => plan.command);
  printHeading(
    stage,
    `Fixed and undone: one of the ${plans.length} planned fixes for each of ${byRule.size} rules`,
  );
  const outcomes: RuleOutcome[] = [];
  for (const [command, records] of [...byRule].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    let last: Outcome | undefined;
    for (const { plan } of records) {
      last = await fixAndUndo(stage, plan.id);
      const colour = last.isFailed ? 'red' : last.isUndone ? 'yellow' : 'green';
      const name = accountName(stage.org, plan.accountId);
      stage.print(`  ${styleText(colour, last.what)} ${command} in ${name}: ${plan.description}`);
      if (!last.isFailed) break;
    }
    if (last) outcomes.push({ ...last, command });
  }
  await stage.org.whenIdle();
  return outcomes;
};

const fixAndUndo = async ({ org }: Stage, planId: string): Promise<Outcome> => {
  const operator = operatorOf(org);
  const { status, reason, changeId } = await approveAndApply(operator, planId);
  if (!IN_PLACE.includes(status) || changeId === undefined)
    return { isFixed: false, isUndone: false, isFailed: true, what: `${status}, ${reason}` };
  const undone = await askOperator(operator, { action: 'undo', id: changeId });
  if (undone.status === 'undone')
    return { isFixed: true, isUndone: true, isFailed: false, what: `${status}, undone` };
  // The plan of an irreversible fix says so, and the product refuses to undo it.
  const isFailed = undone.status !== 'refused';
  return { isFixed: true, isUndone: false, isFailed, what: `${status}, not undone: ${undone.reason}` };
};

/** Verified, or as far as a fix goes before a person or AWS does the rest. */
const IN_PLACE: readonly string[] = ['fixed', 'applied'];

type Operator = ReturnType<typeof operatorOf>;

/** Approves and applies a plan. The fix of another rule may have changed the resource: then its new plan. */
const approveAndApply = async (operator: Operator, planId: string): Promise<OperatorAnswer> => {
  const apply = async (id: string): Promise<OperatorAnswer> => {
    const approved = await approvePlan(operator, await getPlan(operator, id));
    return approved.status === 'approved' ? askOperator(operator, { action: 'apply', id }) : approved;
  };
  const first = await apply(planId);
  return first.status === 'planned' && first.planId !== undefined && first.planId !== planId
    ? apply(first.planId)
    : first;
};

/** Prints what the rules cover of each version of CIS, and the newest with the state of each requirement. */
const printFrameworks = (stage: Stage): void => {
  const { rules, print } = stage;
  const [newest] = frameworks;
  if (!newest) return;
  printHeading(stage, 'Covered: requirements of CIS, by version');
  print(
    frameworksTable(
      frameworks.map((framework) => ({ ...framework, ...summaryOf(requirementsOf(framework, rules)) })),
    ).trimEnd(),
  );
  printHeading(stage, `Assessed: ${newest.title}, by the verdicts of all accounts`);
  const commands = new Map(rules.map(({ command }) => [configRuleName(command), command]));
  const findings = verdictsOf(stage).map(({ ruleName, complianceType }) => ({
    command: commands.get(ruleName) ?? ruleName,
    complianceType,
  }));
  const sections = coverage(newest, rules).map(({ title, requirements }) => ({
    title,
    requirements: requirements.map((each) => ({ ...each, state: assess(each, findings) })),
  }));
  print(frameworkText(newest, sections).trimEnd());
};

const requirementsOf = (framework: Framework, rules: readonly Rule[]): readonly CoveredRequirement[] =>
  coverage(framework, rules).flatMap(({ requirements }) => requirements);

const printShown = (
  { rules, seeded, violations, fixed, undone, failed, seconds }: ShownRules,
  print: Stage['print'],
): void => {
  print('');
  print(
    `${rules} rules, ${seeded} seeded violations, ${violations} found; one of each kind: ${fixed} fixed, ` +
      `${undone} undone, ${failed.length} failed; ${seconds} s.`,
  );
};
