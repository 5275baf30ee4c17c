import { absentServiceReason, grantAction, type Rule } from '@compliance/core';
import { OTHER_PARTITIONS } from '@compliance/core/testing/other-partitions';

import { code, GENERATED, list, page, prose, table } from './markdown.ts';
import { seedTitles, type TestedRule } from './tests-of-rule.ts';

/** Operations that the emulator answers by our own supplement: `account:GetContactInformation`. */
export type Supplement = ReadonlySet<string>;

/** How far each rule is proven, as its tests show it. */
export const proofPage = (rules: readonly TestedRule[], supplement: Supplement): string =>
  page([
    GENERATED,
    '# How far each rule is proven',
    'No rule has run against AWS. The table says what stands in for it:',
    list(LEGEND),
    countsOf(rules, supplement),
    table(
      HEAD,
      rules.map((tested) => row(tested, supplement)),
    ),
    ...unproven(rules),
  ]);

const LEGEND = [
  '**proven on** - _emulator_: the contract runs the rule against moto; _supplement_: some of its answers are our own, each with the page of AWS that it follows; _facts_: only its judgement is tested.',
  '**seeds** - the resources that the contract makes, judges, fixes and undoes.',
  '**items** - _made up_: the configuration items of the tests are written from the published schema; none is recorded from AWS.',
  '**undo** - _equal_: after the undo the facts are those of before; _refused_: there is no undo, and the plan says so.',
  '**second Region** - _apart_: one session of two Regions keeps their resources and verdicts apart.',
  `**partitions** - _all_: the contract also judges and plans in ${Object.keys(OTHER_PARTITIONS).join(', ')}, and no ARN is one of another partition; _not in_: NOT_APPLICABLE there.`,
  '**accounts** - _management_: judged in the management account of the organization alone; _every_: in each account.',
  '**unproven** - permissions that the emulator cannot make the rule use; the reasons are below.',
];

const HEAD = [
  'rule',
  'proven on',
  'seeds',
  'items',
  'fix',
  'undo',
  'second Region',
  'partitions',
  'accounts',
  'unproven',
];

type ProofClass = 'emulator' | 'supplement' | 'facts';

const proofOf = (
  { rule, contracts }: Pick<TestedRule, 'rule' | 'contracts'>,
  supplement: Supplement,
): ProofClass => {
  if (KINDS.every((kind) => seedTitles(contracts, kind).length === 0)) return 'facts';
  return ownAnswers(rule, supplement).length > 0 ? 'supplement' : 'emulator';
};

/** `Of 95 rules, 60 are proven on the emulator, …` */
const countsOf = (rules: readonly TestedRule[], supplement: Supplement): string => {
  const count = (wanted: ProofClass) =>
    rules.filter((tested) => proofOf(tested, supplement) === wanted).length;
  return `Of ${rules.length} rules, ${count('emulator')} are proven on the emulator, ${count('supplement')} with the supplement, and ${count('facts')} by facts alone.`;
};

const row = ({ rule, contracts }: TestedRule, supplement: Supplement): string[] => {
  const proof = proofOf({ rule, contracts }, supplement);
  const seeds = KINDS.flatMap((kind) => seedTitles(contracts, kind)).length;
  return [
    `[${rule.command}](${pageOf(rule)})`,
    proof === 'supplement' ? `supplement: ${ownAnswers(rule, supplement).map(code).join(', ')}` : proof,
    String(seeds),
    contracts.some(({ fixtures }) => fixtures.item !== undefined) ? 'made up' : '-',
    fixOf(contracts, rule),
    undoOf(contracts),
    secondRegion({ rule, contracts }),
    partitionsOf({ rule, contracts }),
    rule.only === undefined ? 'every' : 'management',
    String(Object.keys(unprovenOf(contracts)).length || '-'),
  ];
};

const KINDS = ['compliant', 'nonCompliant', 'notApplicable', 'manual', 'oneWay', 'settling'] as const;

type Contracts = TestedRule['contracts'];

const fixOf = (contracts: Contracts, rule: Rule): string => {
  if (!rule.fix) return 'a person';
  const fixed = (['nonCompliant', 'oneWay', 'settling'] as const).flatMap((kind) =>
    seedTitles(contracts, kind),
  );
  return fixed.length > 0 ? 'applied, verified' : 'not applied';
};

const undoOf = (contracts: Contracts): string => {
  const equal = [...seedTitles(contracts, 'nonCompliant'), ...seedTitles(contracts, 'settling')].length > 0;
  const refused = seedTitles(contracts, 'oneWay').length > 0;
  return [...(equal ? ['equal'] : []), ...(refused ? ['refused'] : [])].join(', ') || '-';
};

/** The contract compares two Regions when it has both a compliant and a violating resource. */
const secondRegion = ({ rule, contracts }: Pick<TestedRule, 'rule' | 'contracts'>): string => {
  if (rule.deploy === 'home-region') return 'home Region only';
  const both = contracts.some(
    (contract) => seedTitles([contract], 'compliant').length > 0 && violationsIn([contract]).length > 0,
  );
  return both ? 'apart' : 'not shown';
};

/** The contract plans each violation in every partition that the rule concerns. */
const partitionsOf = ({ rule, contracts }: Pick<TestedRule, 'rule' | 'contracts'>): string => {
  const left = Object.entries(OTHER_PARTITIONS).flatMap(([partition, region]) =>
    contracts.some(({ fixtures }) => fixtures.notIn?.includes(partition)) ||
    absentServiceReason(rule, { partition, region }) !== undefined
      ? partition
      : [],
  );
  if (violationsIn(contracts).length === 0) return 'verdict alone';
  return left.length === 0 ? 'all' : `not in ${left.join(', ')}`;
};

const violationsIn = (contracts: Contracts): readonly string[] =>
  (['nonCompliant', 'oneWay', 'settling', 'manual'] as const).flatMap((kind) => seedTitles(contracts, kind));

/** What one contract cannot make the rule use, another may. */
const unprovenOf = (contracts: Contracts): Readonly<Record<string, string>> => {
  const [first = {}, ...others] = contracts.map(({ fixtures }) => fixtures.unproven ?? {});
  return Object.fromEntries(
    Object.entries(first).filter(([action]) => others.every((other) => action in other)),
  );
};

const unproven = (rules: readonly TestedRule[]): string[] => {
  const lines = rules.flatMap(({ rule, contracts }) =>
    Object.entries(unprovenOf(contracts)).map(
      ([action, why]) => `${rule.command}, ${code(action)}: ${prose(why)}`,
    ),
  );
  return lines.length === 0 ? [] : ['## Unproven permissions', list(lines)];
};

/** The rule's calls that the supplement answers. */
const ownAnswers = ({ permissions }: Rule, supplement: Supplement): readonly string[] =>
  [...new Set(Object.values(permissions).flat().map(grantAction))]
    .filter((action) => supplement.has(action))
    .toSorted();

const pageOf = ({ command }: Rule): string => `${command.toLowerCase().replaceAll('_', '-')}.md`;
