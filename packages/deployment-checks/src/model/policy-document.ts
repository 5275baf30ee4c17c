import { canonical, isGlobMatch } from '@compliance/core';
import * as z from 'zod';

import { parseJson } from './parse-json.ts';

const OneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

// Condition values are strings, lists, numbers or booleans; IAM compares them as strings.
const Value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Condition = z.record(
  z.string(),
  z.record(
    z.string(),
    z.union([Value, z.array(Value)]).transform((value) => [value].flat().toSorted()),
  ),
);

const Principal = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'] })),
  z.object({
    AWS: OneOrMore.optional(),
    Service: OneOrMore.optional(),
    Federated: OneOrMore.optional(),
  }),
]);

const Statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: Principal.optional(),
  NotPrincipal: z.unknown().optional(),
  Action: OneOrMore.optional(),
  NotAction: OneOrMore.optional(),
  Resource: OneOrMore.optional(),
  NotResource: OneOrMore.optional(),
  Condition: Condition.default({}),
});
export type Statement = Readonly<z.infer<typeof Statement>>;

const Document = z.object({
  Statement: z.union([Statement, z.array(Statement)]).transform((value) => [value].flat()),
});

/** A normalized IAM policy: scalars become lists, and condition values are sorted. */
export type PolicyDocument = Readonly<z.infer<typeof Document>>;

/** Parses a policy's text or object. `undefined`: it is not a policy. */
export const parsePolicyDocument = (input: unknown): PolicyDocument | undefined => {
  const parsed = Document.safeParse(typeof input === 'string' ? parseJson(input) : input);
  return parsed.success ? parsed.data : undefined;
};

/** One allowed action on one resource pattern under one set of conditions. */
export interface Allowance {
  readonly action: string;
  readonly resource: string;
  /** Canonical, so that equal conditions are equal strings. Empty: no condition. */
  readonly condition: string;
}

/** Lists what a policy allows, piece by piece. Denials and negations are left out: see `oddStatements`. */
export const allowancesIn = (documents: readonly PolicyDocument[]): readonly Allowance[] =>
  documents
    .flatMap((document) => document.Statement)
    .filter(isPlain)
    .flatMap(({ Action = [], Resource = [], Condition: condition }) =>
      Action.flatMap((action) =>
        Resource.map((resource) => ({ action, resource, condition: conditionText(condition) })),
      ),
    );

/** Statements with `Deny`, `NotAction`, `NotResource` or `NotPrincipal`. The product emits none. */
export const denyOrNegatedStatements = (documents: readonly PolicyDocument[]): readonly Statement[] =>
  documents.flatMap((document) => document.Statement).filter((statement) => !isPlain(statement));

/**
 * Whether `wide` allows everything that `narrow` allows. The wildcards of `narrow` are compared as literal characters,
 * which only a wildcard matches.
 */
export const includesAllowance = (wide: Allowance, narrow: Allowance): boolean =>
  isGlobMatch(wide.action.toLowerCase(), narrow.action.toLowerCase()) &&
  isGlobMatch(wide.resource, narrow.resource) &&
  (wide.condition === '' || wide.condition === narrow.condition);

/** `s3:PutBucketVersioning on any resource`, and the condition if there is one. */
export const describeAllowance = ({ action, resource, condition }: Allowance): string => {
  const conditions = condition === '' ? {} : Condition.parse(JSON.parse(condition));
  return `${action} on ${resource === '*' ? 'any resource' : resource}${describeConditions(conditions)}`;
};

/** ` if aws:SourceAccount StringEquals 111122223333`; empty without conditions. */
export const describeConditions = (
  conditions: Statement['Condition'],
  shown: (key: string, value: string) => string = (_, value) => value,
): string => {
  const each = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(
      ([key, values]) => `${key} ${operator} ${values.map((value) => shown(key, value)).join(' or ')}`,
    ),
  );
  return each.length === 0 ? '' : ` if ${each.join(' and ')}`;
};

/** Describes allowances, with actions on the same resource and condition joined. */
export const describeAllowances = (allowances: readonly Allowance[]): readonly string[] =>
  [...Map.groupBy(allowances, ({ resource, condition }) => `${resource} ${condition}`).values()].map(
    ([first, ...more]) => {
      if (!first) return '';
      const actions = [first, ...more].map(({ action }) => action);
      return describeAllowance({ ...first, action: [...new Set(actions)].toSorted().join(', ') });
    },
  );

/** Whether two statements are equal after normalization. */
export const isSameStatement = (a: Statement, b: Statement | undefined): boolean =>
  b !== undefined && statementText(a) === statementText(b);

const statementText = ({ Condition: condition, ...statement }: Statement) =>
  canonical({ ...statement, Condition: conditionText(condition) });

const isPlain = ({ Effect, NotAction, NotResource, NotPrincipal }: Statement) =>
  Effect === 'Allow' && NotAction === undefined && NotResource === undefined && NotPrincipal === undefined;

const conditionText = (condition: Statement['Condition']): string => {
  const entries = Object.entries(condition).map(
    ([operator, keys]) => [operator, lowerCaseKeys(keys)] as const,
  );
  return entries.length === 0 ? '' : canonical(Object.fromEntries(entries));
};

/** Lower-cases condition keys such as `aws:PrincipalArn`, which are case-insensitive. */
export const lowerCaseKeys = <T>(keys: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value] as const));
