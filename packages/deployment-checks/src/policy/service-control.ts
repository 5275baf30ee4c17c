import { isGlobMatch } from '@compliance/core';

import type { ControlLevel } from '../model/deployment.ts';
import { lowerKeys, type Allowance, type Statement } from '../model/policy-document.ts';

/** Who calls, and where. */
export interface Caller {
  readonly roleArn: string;
  /** Of the settings. */
  readonly regions: readonly string[];
}

/** `perhaps`: it hangs on a resource or a condition that only a call decides. */
export type Certainty = 'yes' | 'no' | 'perhaps';

/** Whether a statement of a service control policy denies an action to a role, as far as its text alone tells. */
export const deniedBy = (statement: Statement, need: Allowance, caller: Caller): Certainty => {
  if (statement.Effect !== 'Deny' || !isAboutAction(statement, need)) return 'no';
  return both(isAboutResource(statement, need), meetsConditions(statement, need, caller));
};

/** Whether some policy of a level lets the action through; without any policy, a level restricts nothing. */
export const isAdmittedAt = ({ policies }: ControlLevel, need: Allowance): boolean =>
  policies.length === 0 ||
  policies.some(
    // What cannot be read is not called an obstacle.
    ({ document }) =>
      !document ||
      document.Statement.some((statement) => statement.Effect === 'Allow' && isAboutAction(statement, need)),
  );

/** Whether a statement speaks of an action. */
export const isAboutAction = (
  { Action, NotAction }: Statement,
  { action }: Pick<Allowance, 'action'>,
): boolean => {
  const matches = (patterns: readonly string[]) =>
    patterns.some((pattern) => isGlobMatch(pattern.toLowerCase(), action.toLowerCase()));
  return Action ? matches(Action) : NotAction !== undefined && !matches(NotAction);
};

/** Whether a statement speaks of a resource. */
export const isAboutResource = (
  { Resource, NotResource }: Statement,
  { resource }: Pick<Allowance, 'resource'>,
): Certainty => {
  if (NotResource) return NotResource.some((pattern) => isGlobMatch(pattern, resource)) ? 'no' : 'perhaps';
  const patterns = Resource ?? ['*'];
  if (patterns.some((pattern) => isGlobMatch(pattern, resource))) return 'yes';
  return patterns.some((pattern) => isGlobMatch(resource, pattern)) ? 'perhaps' : 'no';
};

const meetsConditions = ({ Condition }: Statement, need: Allowance, caller: Caller): Certainty =>
  Object.entries(Condition)
    .flatMap(([operator, keys]) =>
      Object.entries(lowerKeys(keys)).map(([key, values]) => meets(operator, key, values, need, caller)),
    )
    .reduce(both, 'yes' as Certainty);

/** The two conditions that such policies live by, who calls and in which Region; all others are left open. */
const meets = (
  operator: string,
  key: string,
  values: readonly string[],
  need: Allowance,
  { roleArn, regions }: Caller,
): Certainty => {
  const [, negated, kind = ''] = /^(?:String|Arn)(Not)?(Equals|Like|EqualsIgnoreCase)$/.exec(operator) ?? [];
  if (kind === '' || !['aws:principalarn', 'aws:requestedregion'].includes(key)) return 'perhaps';
  const isAmong = (text: string) => values.some((value) => isGlobMatch(value, text)) !== (negated === 'Not');
  const texts = key === 'aws:principalarn' ? [roleArn] : regionsOf(need, regions);
  return texts.some(isAmong) ? 'yes' : 'no';
};

/** IAM and its like are called in one Region, wherever the caller is. */
const regionsOf = ({ action }: Allowance, regions: readonly string[]): readonly string[] =>
  /^(iam|organizations|account):/.test(action) ? ['us-east-1'] : regions;

/** Whether two things hold together. */
export const both = (a: Certainty, b: Certainty): Certainty => {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'perhaps';
};
