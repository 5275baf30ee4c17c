import { defined, grantAction, operationId, type Phase, type Rule } from '@compliance/core';
import * as z from 'zod';

import { aligned } from '../../output/aligned.ts';

/** Collects everything that `rules show` prints. */
export const ruleDetails = (rule: Rule) => {
  const { command, title, rationale, severity, resourceType, deploy, triggers, controls, permissions } = rule;
  const undo = [
    ...(rule.undo?.operations ?? []).map(operationId),
    ...(rule.undo?.documents ?? []).map(({ kind }) => `the inverse edit of ${kind}`),
  ];
  return {
    command,
    title,
    rationale,
    severity,
    resourceType,
    deploy,
    triggers,
    controls,
    parameters: parametersIn(rule),
    // The published name of the phase that reads one resource.
    permissions: {
      list: permissions.list,
      one: permissions.get,
      fix: permissions.fix,
      undo: permissions.undo,
    },
    fix: rule.fix ? ('automatic' as const) : ('human' as const),
    undo,
    ...defined({
      only: rule.only,
      needs: rule.needs,
      impact: rule.impact,
      guidance: rule.guidance,
      partly: rule.partly,
      equivalents: rule.equivalents,
    }),
  };
};
type RuleDetails = ReturnType<typeof ruleDetails>;

const Properties = z.looseObject({
  properties: z
    .record(z.string(), z.looseObject({ default: z.json().optional(), description: z.string().optional() }))
    .default({}),
});

/** The JSON schema of each parameter, with its default. */
const parametersIn = ({ parameters }: Rule) =>
  Properties.parse(z.toJSONSchema(parameters, { io: 'input' })).properties;

/** Formats a rule for a terminal. */
export const describeRule = (rule: RuleDetails): string =>
  [
    `${rule.command}  [${rule.severity}]`,
    rule.title,
    '',
    rule.rationale,
    '',
    line('Resource', `${rule.resourceType}, ${DEPLOY[rule.deploy]}`),
    ...(rule.only === undefined ? [] : [line('Account', 'the management account only')]),
    line('Triggers', rule.triggers.join(', ')),
    ...Object.entries(rule.controls).map(([framework, ids]) => line(framework, ids.join(', '))),
    line('Fix', rule.fix === 'automatic' ? 'automatic; the mode decides who applies it' : 'manual'),
    ...(rule.needs === undefined ? [] : [line('Fix needs', rule.needs.join(', '))]),
    ...(rule.impact === undefined ? [] : [line('May break', rule.impact)]),
    line('Undo', rule.undo.join(', ') || 'nothing to undo'),
    ...(rule.guidance === undefined ? [] : [line('Guidance', rule.guidance)]),
    ...(rule.partly === undefined ? [] : [line('Not covered', rule.partly)]),
    ...Object.entries(rule.equivalents ?? {}).map(([catalogue, ids]) => line(catalogue, ids.join(', '))),
    '',
    'Parameters',
    ...describeParameters(rule.parameters),
    '',
    'Permissions',
    ...Object.entries(PHASES).map(([phase, published]) =>
      line(phase, rule.permissions[published].map(grantAction).join(', ') || '-'),
    ),
    '',
  ].join('\n');

const PHASES = { list: 'list', get: 'one', fix: 'fix', undo: 'undo' } as const satisfies Record<
  Phase,
  keyof RuleDetails['permissions']
>;

const DEPLOY = {
  'every-region': 'in every Region',
  'home-region': 'in the home Region only',
} as const satisfies Record<Rule['deploy'], string>;

const line = (name: string, text: string) => `  ${name.padEnd(12)}${text}`;

const describeParameters = (parameters: RuleDetails['parameters']): string[] => {
  const rows = Object.entries(parameters).map(([name, schema]) => [
    name,
    typeOf(schema),
    schema.default === undefined ? '-' : JSON.stringify(schema.default),
    schema.description ?? '',
  ]);
  if (rows.length === 0) return ['  none'];
  return aligned([['Name', 'Type', 'Default', 'Meaning'], ...rows]).map((row) => `  ${row}`);
};

const Schema = z.looseObject({
  type: z.string().optional(),
  const: z.json().optional(),
  enum: z.array(z.json()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

/** `integer 6-128`, `"ALL" | "REJECT"`, `list of string`. */
const typeOf = (schema: unknown): string => {
  const { type = 'any', enum: values, const: only, items, anyOf, ...bounds } = Schema.parse(schema);
  if (anyOf) return anyOf.map(typeOf).join(' | ');
  if (values ?? only !== undefined)
    return (values ?? [only]).map((value) => JSON.stringify(value)).join(' | ');
  return type === 'array' ? `list of ${typeOf(items ?? {})}` : `${type}${rangeOf(bounds)}`;
};

const rangeOf = ({ minimum, maximum }: Pick<z.infer<typeof Schema>, 'minimum' | 'maximum'>): string => {
  // The bounds of what JavaScript counts exactly are no bounds of the parameter.
  const [least, most] = [minimum, maximum].map((bound) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  if (least === undefined) return most === undefined ? '' : ` up to ${most}`;
  return most === undefined ? ` from ${least}` : ` ${least}-${most}`;
};
