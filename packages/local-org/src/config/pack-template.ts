import { partitionOf } from '@compliance/core';
import { parse as parseYaml, type ScalarTag } from 'yaml';
import * as z from 'zod';

import { resolveIntrinsics } from './intrinsics.ts';
import { RemediationConfiguration } from './remediation-configuration.ts';
import { ConfigRule } from './rule.ts';

/** Rules and remediations of a pack, with the rule names of the template. */
export interface PackContent {
  readonly rules: readonly ConfigRule[];
  readonly remediations: readonly RemediationConfiguration[];
}

export class PackTemplateError extends Error {
  override readonly name = 'PackTemplateError';
}

const RULES_PER_PACK = 130;

const Template = z.strictObject({
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.string().optional(),
  Parameters: z
    .record(
      z.string(),
      z.strictObject({
        // Conformance packs have their own types, not CloudFormation's.
        Type: z.enum(['String', 'int', 'double', 'CSV', 'boolean', 'StringMap']),
        Default: z.union([z.string(), z.number(), z.boolean()]).optional(),
        Description: z.string().optional(),
      }),
    )
    .optional(),
  Resources: z.record(
    z.string(),
    z.strictObject({
      Type: z.enum(['AWS::Config::ConfigRule', 'AWS::Config::RemediationConfiguration']),
      DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
      Properties: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** In a template the parameters of a rule are an object; in the API they are JSON text. */
const TemplateRule = z.strictObject({
  ...ConfigRule.shape,
  InputParameters: z
    .union([
      z.string(),
      z.record(z.string(), z.unknown()).transform((parameters) => JSON.stringify(parameters)),
    ])
    .optional(),
});

/**
 * Expands a conformance-pack template for one Region.
 * @throws {PackTemplateError} naming the resource and its error
 */
export const expandPackTemplate = (
  body: string,
  { parameters, region }: { readonly parameters: Readonly<Record<string, string>>; readonly region: string },
): PackContent => {
  const template = parseOrThrow('the template', Template, parseText(body));
  const values = parameterValues(template.Parameters ?? {}, parameters);
  const scope = new Map([...values, ['AWS::Region', region], ['AWS::Partition', partitionOf(region)]]);

  const ruleNames = new Map<string, string>();
  const rules: ConfigRule[] = [];
  for (const [logicalId, { Type: type, Properties: properties }] of Object.entries(template.Resources)) {
    if (type !== 'AWS::Config::ConfigRule') continue;
    const expanded = parseOrThrow(logicalId, TemplateRule, resolve(logicalId, properties, scope));
    const rule = parseOrThrow(logicalId, ConfigRule, expanded);
    ruleNames.set(rule.ConfigRuleName, logicalId);
    rules.push(rule);
  }
  if (ruleNames.size !== rules.length)
    throw new PackTemplateError(
      'Duplicate ConfigRuleName in the template: two of its rules have the same name.',
    );
  if (rules.length > RULES_PER_PACK) {
    throw new PackTemplateError(
      `Too many rules in the template: ${rules.length}. A conformance pack allows ${RULES_PER_PACK}.`,
    );
  }

  const remediations = Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    if (resource.Type !== 'AWS::Config::RemediationConfiguration') return [];
    assertLiteralRole(logicalId, resource.Properties);
    const remediation = parseOrThrow(
      logicalId,
      RemediationConfiguration,
      resolve(logicalId, resource.Properties, scope),
    );
    const ruleId = ruleNames.get(remediation.ConfigRuleName);
    if (ruleId === undefined || ![resource.DependsOn].flat().includes(ruleId)) {
      throw new PackTemplateError(
        `${logicalId}: ConfigRuleName must name a rule of the template, and DependsOn its logical id.`,
      );
    }
    return [remediation];
  });
  return { rules, remediations };
};

/** `!Ref X` and `!Sub '…'` are short forms of maps with one member. */
const shortForm = (name: string): ScalarTag => ({
  tag: `!${name}`,
  resolve: (value: string) => ({ [name === 'Ref' ? 'Ref' : `Fn::${name}`]: value }),
});

const parseText = (body: string): unknown => {
  try {
    // JSON is valid YAML.
    return parseYaml(body, {
      customTags: ['Ref', 'Sub', 'If', 'GetAtt', 'ImportValue', 'FindInMap', 'Join'].map(shortForm),
      logLevel: 'error',
    });
  } catch (error) {
    throw new PackTemplateError('The template is neither YAML nor JSON.', { cause: error });
  }
};

const parseOrThrow = <T>(subject: string, schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PackTemplateError(`${subject}: ${z.prettifyError(result.error)}`, { cause: result.error });
};

const resolve = (logicalId: string, properties: unknown, scope: ReadonlyMap<string, string>): unknown => {
  try {
    return resolveIntrinsics(properties, scope);
  } catch (error) {
    throw new PackTemplateError(`${logicalId}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};

const parameterValues = (
  declared: NonNullable<z.output<typeof Template>['Parameters']>,
  given: Readonly<Record<string, string>>,
): Map<string, string> => {
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0)
    throw new PackTemplateError(`The template does not declare the parameter ${unknown.join(', ')}.`);
  return new Map(
    Object.entries(declared).map(([name, { Default: defaultValue }]): [string, string] => {
      const value = given[name] ?? defaultValue;
      if (value === undefined)
        throw new PackTemplateError(`Parameter ${name} has neither a value nor a default.`);
      return [name, String(value)];
    }),
  );
};

/** AWS: conformance packs do "not support intrinsic functions for the automation execution role". */
const assertLiteralRole = (logicalId: string, properties: Readonly<Record<string, unknown>>): void => {
  const parameters = z.looseObject({ AutomationAssumeRole: z.unknown() }).safeParse(properties['Parameters']);
  const role = JSON.stringify(parameters.data?.AutomationAssumeRole ?? null);
  if (role.includes('"Fn::') || role.includes('"Ref"')) {
    throw new PackTemplateError(
      `${logicalId}: AutomationAssumeRole is not a literal ARN. Use no intrinsic function in it.`,
    );
  }
};
