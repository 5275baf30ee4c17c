import { isGlobMatch } from '@compliance/core';

import type { ScpLevel } from '../model/deployment.ts';
import { lowerCaseKeys, type Allowance, type Statement } from '../model/policy-document.ts';

/** The role that makes a call, and the Regions it calls. */
export interface CallingRole {
  readonly roleArn: string;
  readonly regions: readonly string[];
}

/** `perhaps`: depends on a resource or a condition that only an actual call has. */
export type Certainty = 'yes' | 'no' | 'perhaps';

/** Whether a service control policy statement denies an action to a role. */
export const statementDenies = (statement: Statement, need: Allowance, caller: CallingRole): Certainty => {
  if (statement.Effect !== 'Deny' || !matchesAction(statement, need)) return 'no';
  return and(matchesResource(statement, need), matchesConditions(statement, need, caller));
};

/** Whether any policy of a level allows the action. A level without policies allows everything. */
export const isAllowedAtLevel = ({ policies }: ScpLevel, need: Allowance): boolean =>
  policies.length === 0 ||
  policies.some(
    // A policy that cannot be parsed is assumed to allow.
    ({ document }) =>
      !document ||
      document.Statement.some((statement) => statement.Effect === 'Allow' && matchesAction(statement, need)),
  );

/** Whether a statement applies to an action. */
export const matchesAction = (
  { Action, NotAction }: Statement,
  { action }: Pick<Allowance, 'action'>,
): boolean => {
  const matches = (patterns: readonly string[]) =>
    patterns.some((pattern) => isGlobMatch(pattern.toLowerCase(), action.toLowerCase()));
  return Action ? matches(Action) : NotAction !== undefined && !matches(NotAction);
};

/** Whether a statement applies to a resource. */
export const matchesResource = (
  { Resource, NotResource }: Statement,
  { resource }: Pick<Allowance, 'resource'>,
): Certainty => {
  if (NotResource) return NotResource.some((pattern) => isGlobMatch(pattern, resource)) ? 'no' : 'perhaps';
  const patterns = Resource ?? ['*'];
  if (patterns.some((pattern) => isGlobMatch(pattern, resource))) return 'yes';
  return patterns.some((pattern) => isGlobMatch(resource, pattern)) ? 'perhaps' : 'no';
};

const matchesConditions = ({ Condition }: Statement, need: Allowance, caller: CallingRole): Certainty =>
  Object.entries(Condition)
    .flatMap(([operator, keys]) =>
      Object.entries(lowerCaseKeys(keys)).map(([key, values]) =>
        matchesCondition(operator, key, values, need, caller),
      ),
    )
    .reduce(and, 'yes' as Certainty);

/** Evaluates conditions on the calling role and the Region, the usual ones; all others are `perhaps`. */
const matchesCondition = (
  operator: string,
  key: string,
  values: readonly string[],
  need: Allowance,
  { roleArn, regions }: CallingRole,
): Certainty => {
  const [, negated, kind = ''] = /^(?:String|Arn)(Not)?(Equals|Like|EqualsIgnoreCase)$/.exec(operator) ?? [];
  if (kind === '' || !['aws:principalarn', 'aws:requestedregion'].includes(key)) return 'perhaps';
  const isAmong = (text: string) => values.some((value) => isGlobMatch(value, text)) !== (negated === 'Not');
  const texts = key === 'aws:principalarn' ? [roleArn] : regionsOf(need, regions);
  return texts.some(isAmong) ? 'yes' : 'no';
};

/** The Regions of a call. Global services such as IAM are called in us-east-1 only. */
const regionsOf = ({ action }: Allowance, regions: readonly string[]): readonly string[] =>
  /^(iam|organizations|account):/.test(action) ? ['us-east-1'] : regions;

/** Logical conjunction. */
export const and = (a: Certainty, b: Certainty): Certainty => {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'perhaps';
};
