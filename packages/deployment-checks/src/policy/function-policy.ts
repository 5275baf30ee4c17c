import { defined, isGlobMatch } from '@compliance/core';
import { functionArn, type RegionalPlace } from '@compliance/infra';

import type { DeployedPermission } from '../model/deployment.ts';
import { lowerCaseKeys, type PolicyDocument, type Statement } from '../model/policy-document.ts';
import { principalsIn } from './resource-policy.ts';

/** A function, or its version or alias. */
interface PolicyOf extends RegionalPlace {
  readonly functionName: string;
  readonly qualifier?: string | undefined;
}

/**
 * What a function's policy allows, whether its statements were added one by one or the policy was put as a whole.
 * Each alternative of a condition is a permission of its own.
 */
export const permissionsIn = (
  { Statement: statements }: PolicyDocument,
  of: PolicyOf,
): readonly DeployedPermission[] => {
  const arn = functionArn(of, [of.functionName, of.qualifier].filter((part) => part !== undefined).join(':'));
  // Each qualifier has its own policy, whose statements name the qualifier: those of others do not apply.
  const applying = statements.filter((statement) => appliesTo(statement, arn));
  // AWS says that a statement may name all versions and aliases: then such a statement opens each of them.
  const qualified = statements.filter(
    ({ Effect, Resource = [] }) => Effect === 'Allow' && Resource.some((name) => name.startsWith(`${arn}:`)),
  );
  const denial = applying.some(({ Effect }) => Effect === 'Deny') ? 'a statement that denies' : undefined;
  return [
    ...applying
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap((statement) => permissionsOf(statement, of, denial)),
    ...(of.qualifier === undefined ? qualified : []).flatMap((statement) =>
      permissionsOf(statement, { ...of, qualifier: '*' }, undefined),
    ),
  ];
};

/** The principal of a policy whose text is not known. */
export const SOMEBODY = 'somebody';

/** The permission of a policy whose text is not known: it may allow anything. */
export const unknownPermission = (of: PolicyOf, unclear: string): DeployedPermission => ({
  ...placeOf(of),
  action: 'lambda:InvokeFunction',
  principal: SOMEBODY,
  unclear,
});

const placeOf = ({ accountId, region, functionName, qualifier }: PolicyOf) => ({
  accountId,
  region,
  functionName,
  qualifier,
});

const appliesTo = ({ Resource, NotResource }: Statement, arn: string): boolean =>
  Resource ? Resource.some((pattern) => isGlobMatch(pattern, arn)) : NotResource !== undefined;

const permissionsOf = (
  statement: Statement,
  of: PolicyOf,
  denial: string | undefined,
): readonly DeployedPermission[] => {
  const { Action, NotAction, NotPrincipal, NotResource } = statement;
  const { alternatives, others } = conditionsOf(statement);
  const unclear = [
    ...(NotAction === undefined ? [] : ['NotAction']),
    ...(NotPrincipal === undefined ? [] : ['NotPrincipal']),
    ...(NotResource === undefined ? [] : ['NotResource']),
    ...others,
    ...(denial === undefined ? [] : [denial]),
  ].join(' and ');
  return (Action ?? ['*']).flatMap((action) =>
    (NotPrincipal === undefined ? principalsIn(statement.Principal) : ['*']).flatMap((principal) =>
      alternatives.map((conditions) => ({
        ...placeOf(of),
        action,
        principal,
        ...conditions,
        ...defined({ unclear: unclear === '' ? undefined : unclear }),
      })),
    ),
  );
};

type Conditions = Pick<
  DeployedPermission,
  'sourceAccount' | 'sourceArn' | 'sourceOrgId' | 'principalOrgId' | 'principalArn'
>;

/** The condition keys that the checks judge, with the operators under which a value is what it says. */
const JUDGED: Readonly<Record<string, { readonly member: keyof Conditions; readonly operators: RegExp }>> = {
  'aws:sourceaccount': { member: 'sourceAccount', operators: /^String(Equals|Like)$/ },
  'aws:sourcearn': { member: 'sourceArn', operators: /^(Arn|String)(Equals|Like)$/ },
  'aws:sourceorgid': { member: 'sourceOrgId', operators: /^String(Equals|Like)$/ },
  'aws:principalorgid': { member: 'principalOrgId', operators: /^String(Equals|Like)$/ },
  'aws:principalarn': { member: 'principalArn', operators: /^(Arn|String)(Equals|Like)$/ },
};

/** Whether a value, as a glob, means what the operator makes of it: StringEquals has no wildcards, and an ARN six parts. */
const isAsWritten = (operator: string, value: string): boolean => {
  if (operator === 'StringEquals') return !/[*?]/.test(value);
  return !operator.startsWith('Arn') || value.split(':').length >= 6;
};

/** The combinations of values of the judged keys, and the other conditions in words. */
const conditionsOf = ({ Condition }: Statement) => {
  const each = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(lowerCaseKeys(keys)).map(([key, values]) => ({ operator, key, values })),
  );
  // Of a key that has several conditions, all must be met: only the first is judged.
  const isJudged = ({ operator, key, values }: (typeof each)[number], index: number) =>
    JUDGED[key]?.operators.test(operator) === true &&
    each.findIndex((one) => one.key === key) === index &&
    values.every((value) => isAsWritten(operator, value));
  return {
    alternatives: each
      .filter(isJudged)
      .reduce<readonly Conditions[]>(
        (combinations, { key, values }) =>
          combinations.flatMap((conditions) =>
            values.map((value) => ({ ...conditions, ...defined({ [JUDGED[key]?.member ?? key]: value }) })),
          ),
        [{}],
      ),
    others: each
      .filter((one, index) => !isJudged(one, index))
      .map(({ operator, key }) => `${key} ${operator}`),
  };
};
