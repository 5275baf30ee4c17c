import type { Account, Settings } from '@compliance/core';

import { accountArn, functionArn, partitionOf, type RegionalPlace } from '../names/arn.ts';
import { FUNCTIONS, type FunctionKey } from '../names/names.ts';

/**
 * The input of Lambda's AddPermission: one statement of a function's resource policy, the same in every Region.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
export interface FunctionPermission {
  readonly FunctionName: string;
  readonly StatementId: string;
  readonly Action: 'lambda:InvokeFunction';
  readonly Principal: string;
  readonly SourceAccount?: string;
  readonly PrincipalOrgID?: string;
}

/** What Lambda takes for the resource policy of a function. */
export const POLICY_BYTES = 20 * 1024;

export const CONFIG = 'config.amazonaws.com';

/** In place of an account's id, in the one statement that admits AWS Config for all. */
export const ANY_ACCOUNT = 'any';

/**
 * Who may invoke the functions: AWS Config on behalf of each account of the settings or, where they say so, of any;
 * and - for the automations - the organization or, without one, each account. Never a role's ARN, which would break
 * when the role is made anew.
 * @throws {Error} when a policy would exceed what Lambda takes, with the ways out
 */
export const functionPermissions = (
  settings: Settings,
): Readonly<Record<FunctionKey, readonly FunctionPermission[]>> => {
  const permissions = {
    rule: admitConfig(settings),
    remediation: admitAutomations(settings),
  };
  for (const key of ['rule', 'remediation'] as const)
    assertSize(key, functionPolicyBytes(permissions[key], settings));
  return permissions;
};

/** Whether AWS Config can be admitted account by account. */
export const fitsByAccount = (settings: Settings): boolean =>
  functionPolicyBytes(settings.accounts.map(forAccount), settings) <= POLICY_BYTES;

// There is no condition for a whole organization that AWS Config as the caller would meet.
const admitConfig = ({ organization, accounts }: Settings): readonly FunctionPermission[] =>
  organization.invokePermission === 'any-account'
    ? [statement('rule', `config-${ANY_ACCOUNT}`, CONFIG)]
    : accounts.map(forAccount);

const forAccount = ({ id }: Account): FunctionPermission => ({
  ...statement('rule', `config-${id}`, CONFIG),
  SourceAccount: id,
});

/** Never open: the payload says which account and resource, and the answer says how it stands with them. */
const admitAutomations = ({ organization, accounts }: Settings): readonly FunctionPermission[] =>
  organization.id === undefined
    ? accounts.map(({ id }) => statement('remediation', `account-${id}`, id))
    : [{ ...statement('remediation', 'organization', '*'), PrincipalOrgID: organization.id }];

/** The size of the policy that Lambda makes of these statements, where the name of the Region is longest. */
export const functionPolicyBytes = (
  permissions: readonly FunctionPermission[],
  { organization }: Settings,
): number =>
  Math.max(
    ...organization.regions.map((region) =>
      Buffer.byteLength(
        JSON.stringify({
          Version: '2012-10-17',
          Id: 'default',
          Statement: permissions.map((permission) =>
            asStored(permission, {
              partition: partitionOf(region),
              region,
              accountId: organization.masterAccountId,
            }),
          ),
        }),
      ),
    ),
  );

const statement = (key: FunctionKey, StatementId: string, Principal: string) => ({
  FunctionName: FUNCTIONS[key],
  StatementId,
  Action: 'lambda:InvokeFunction' as const,
  Principal,
});

const asStored = (
  { FunctionName, StatementId, Action, Principal, SourceAccount, PrincipalOrgID }: FunctionPermission,
  master: RegionalPlace,
) => ({
  Sid: StatementId,
  Effect: 'Allow',
  Principal: principal(Principal, master.partition),
  Action,
  Resource: functionArn(master, FunctionName),
  ...(SourceAccount !== undefined && { Condition: { StringEquals: { 'AWS:SourceAccount': SourceAccount } } }),
  ...(PrincipalOrgID !== undefined && {
    Condition: { StringEquals: { 'aws:PrincipalOrgID': PrincipalOrgID } },
  }),
});

const principal = (name: string, partition: string) => {
  if (name === '*') return '*';
  return name.endsWith('.amazonaws.com')
    ? { Service: name }
    : { AWS: accountArn({ partition, accountId: name }) };
};

const assertSize = (key: FunctionKey, bytes: number) => {
  if (bytes > POLICY_BYTES)
    throw new Error(
      `The resource policy of ${FUNCTIONS[key]} would have ${bytes} bytes, and Lambda takes ${POLICY_BYTES}. ${WAYS_OUT[key]}`,
    );
};

const SPLIT =
  'Either split the accounts over several installations, each with functions and packs of its own; or';
const WAYS_OUT = {
  rule:
    `${SPLIT} set organization.configAdmission to open: one statement then admits AWS Config for any account. ` +
    'The function acts for no account that the settings do not list, but whoever has one can invoke it at your cost.',
  remediation: `${SPLIT} give organization.id, by which one statement admits all accounts of the organization.`,
} as const satisfies Record<FunctionKey, string>;
