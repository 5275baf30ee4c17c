import { grantAction, operationId, type Grant, type Rule } from '@compliance/core';
import * as z from 'zod';

import { itemPaths } from './item-paths.ts';
import { code, GENERATED, list, page, prose, table } from './markdown.ts';
import { seedTitles, type TestedRule } from './tests-of-rule.ts';

/** The page of a rule: what it finds, what its fix does, what it needs, and what its tests show. */
export const rulePage = (tested: TestedRule): string => {
  const { rule } = tested;
  return page([
    GENERATED,
    `# ${rule.command}`,
    `${prose(rule.title)}. ${prose(rule.rationale)}`,
    list(summary(rule)),
    '## Detection',
    detection(rule),
    ...partly(rule),
    ...parameters(rule),
    '## Fix',
    ...fix(tested),
    '## Permissions',
    permissions(rule),
    '## Edge cases',
    edgeCases(tested),
    '## Controls and equivalents',
    table(['framework or product', 'ids'], [...controls(rule), ...equivalents(rule)]),
  ]);
};

const summary = (rule: Rule): string[] => [
  `Severity: ${rule.severity}`,
  `Resource: ${code(rule.resourceType)}, ${rule.deploy === 'every-region' ? 'in every Region' : 'in the home Region only'}`,
  `Runs: ${rule.triggers[0] === 'change' ? 'on each change and on schedule' : 'on schedule'}`,
  ...(rule.only === undefined ? [] : ['Account: the management account only']),
];

const detection = (rule: Rule): string => {
  const paths = itemPaths(rule);
  const item = paths.length > 0 ? `, or, without a call, from the configuration item (${codes(paths)})` : '';
  const facts = members(rule.facts).map(([name, schema]) => [
    code(name),
    typeOf(schema),
    prose(schema.description ?? ''),
  ]);
  return page([`Facts, read live${item}:`, withoutEmptyColumn(['fact', 'type', 'meaning'], facts)]).trimEnd();
};

const withoutEmptyColumn = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const used = head.map((_, column) => rows.some((row) => row[column] !== ''));
  const keep = (cells: readonly string[]) => cells.filter((_, column) => used[column]);
  return table(keep(head), rows.map(keep));
};

const partly = ({ partly: remains }: Rule): string[] =>
  remains === undefined ? [] : [`A COMPLIANT resource still needs a look: ${prose(remains)}`];

const parameters = (rule: Rule): string[] => {
  const rows = members(rule.parameters).map(([name, schema]) => [
    code(name),
    typeOf(schema),
    schema.default === undefined ? '' : code(JSON.stringify(schema.default)),
    `${prose(schema.description ?? '')}${rule.needs?.includes(name) ? ' The fix needs it.' : ''}`,
  ]);
  return rows.length === 0 ? [] : ['## Parameters', table(['parameter', 'type', 'default', 'meaning'], rows)];
};

const fix = ({ rule, contracts }: TestedRule): (string | undefined)[] => {
  if (!rule.fix) return [`A person must act. ${prose(rule.guidance ?? '')}`];
  const oneWay = seedTitles(contracts, 'oneWay');
  const manual = seedTitles(contracts, 'manual');
  const later = seedTitles(contracts, 'settling');
  return [
    `The fix calls ${codes(actions(rule.permissions.fix))}.`,
    `Risk: ${riskOf(rule, oneWay)}`,
    `Undo: ${undoOf(rule, oneWay)}`,
    listed('A fix that AWS or a person completes:', later),
    listed('A person must act instead:', manual),
    rule.guidance === undefined ? undefined : prose(rule.guidance),
  ];
};

const riskOf = ({ impact }: Rule, oneWay: readonly string[]): string => {
  if (impact === undefined) return 'safe. Nothing that works stops working.';
  return `${oneWay.length > 0 ? 'irreversible, so never automatic' : 'disruptive'}. ${prose(impact)}`;
};

const undoOf = (rule: Rule, oneWay: readonly string[]): string => {
  const steps = [
    ...(rule.undo?.operations ?? []).map((operation) => code(operationId(operation))),
    ...(rule.undo?.documents ?? []).map(({ kind }) => `the inverse edit of ${code(kind)}`),
  ];
  if (steps.length === 0) return 'impossible; the plan says why.';
  const restores = `${steps.toSorted().join(', ')}.`;
  return oneWay.length > 0 ? `${restores} Impossible for: ${oneWay.map(prose).join('; ')}.` : restores;
};

const permissions = ({ permissions: phases }: Rule): string =>
  table(
    ['phase', 'actions', 'on'],
    Object.entries(phases).flatMap(([phase, grants]) =>
      [...Map.groupBy(grants, scopeOf)].map(([scope, ofScope]) => [
        PHASES[phase] ?? phase,
        codes(ofScope.map(grantAction)),
        scope,
      ]),
    ),
  );

const PHASES: Readonly<Record<string, string>> = { get: 'read one', list: 'list all' };

const scopeOf = (grant: Grant): string => {
  if (typeof grant === 'string') return 'any resource';
  const resources = [grant.resource ?? '*'].flat();
  const scope = resources.join() === '*' ? 'any resource' : codes(resources);
  const condition = grant.condition === undefined ? '' : ` where ${code(JSON.stringify(grant.condition))}`;
  return `${scope}${condition}${isImplied(grant) ? '; AWS checks it for another call' : ''}`;
};

const edgeCases = ({ contracts, titles, families }: TestedRule): string => {
  const seeds = ['compliant', 'nonCompliant', 'notApplicable'] as const;
  return page([
    'On the emulator, by the contract:',
    list(
      seeds.flatMap((kind) =>
        seedTitles(contracts, kind).map((title) => `${VERDICTS[kind]}: ${prose(title)}`),
      ),
    ),
    listed('Without the emulator:', titles),
    families.length === 0
      ? undefined
      : `What its family decides is tested in ${families.map((family) => `[${family}](../../${family}/test)`).join(', ')}.`,
  ]).trimEnd();
};

const VERDICTS = {
  compliant: 'COMPLIANT',
  nonCompliant: 'NON_COMPLIANT',
  notApplicable: 'NOT_APPLICABLE',
} as const;

const controls = (rule: Rule): string[][] =>
  Object.entries(rule.controls).map(([framework, ids]) => [framework, ids.join(', ')]);

const equivalents = ({ equivalents: products = {} }: Rule): string[][] =>
  Object.entries(products).map(([product, ids]) => [PRODUCTS[product] ?? product, codes(ids)]);

const PRODUCTS: Readonly<Record<string, string>> = {
  config: 'AWS Config managed rule',
  securityHub: 'Security Hub',
  prowler: 'Prowler',
  steampipe: 'Steampipe',
  custodian: 'Cloud Custodian',
};

const listed = (head: string, items: readonly string[]): string | undefined =>
  items.length === 0 ? undefined : `${head}\n\n${list(items.map(prose))}`;

const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

const actions = (grants: readonly Grant[]): readonly string[] =>
  grants.filter((grant) => !isImplied(grant)).map(grantAction);

const Schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.json()).optional(),
  anyOf: z.array(z.looseObject({ type: z.string().optional() })).optional(),
  items: z.looseObject({ type: z.string().optional() }).optional(),
  description: z.string().optional(),
  default: z.json().optional(),
});
type Schema = z.infer<typeof Schema>;

const Members = z.looseObject({ properties: z.record(z.string(), Schema).default({}) });

const members = (schema: z.ZodType): [string, Schema][] =>
  Object.entries(Members.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).properties);

const typeOf = ({ enum: values, type, anyOf = [], items }: Schema): string => {
  if (values) return codes(values.map((value) => JSON.stringify(value)));
  const types = [type ?? anyOf.flatMap((one) => one.type ?? [])].flat();
  return types.map((name) => (name === 'array' ? `list of ${items?.type ?? 'value'}s` : name)).join(' or ');
};

/** AWS checks an implied grant for another call; no call has its name. */
const isImplied = (grant: Grant): boolean => typeof grant !== 'string' && grant.implied === true;
