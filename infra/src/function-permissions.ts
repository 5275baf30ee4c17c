import type { Settings } from '@compliance/core';

import { accountArn, functionArn } from './arn.ts';
import { FUNCTIONS, type FunctionKey } from './names.ts';

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

export interface FunctionPermissionsInput {
  readonly settings: Settings;
  readonly partition: string;
}

/** What Lambda takes for the resource policy of a function. */
const POLICY_BYTES = 20 * 1024;

/**
 * Who may invoke the functions: AWS Config on behalf of each account of the settings, and - for the automations - the
 * organization or, without one, each account. Never a role's ARN, which would break when the role is made anew.
 * @throws {Error} when a policy would exceed what Lambda takes, with the ways out
 */
export const functionPermissions = ({
  settings,
  partition,
}: FunctionPermissionsInput): Readonly<Record<FunctionKey, readonly FunctionPermission[]>> => {
  const { organization, accounts } = settings;
  const permissions = {
    // There is no condition for a whole organization that AWS Config as the caller would meet.
    rule: accounts.map(({ id }) => ({
      ...statement('rule', `config-${id}`, 'config.amazonaws.com'),
      SourceAccount: id,
    })),
    remediation:
      organization.id === undefined
        ? accounts.map(({ id }) => statement('remediation', `account-${id}`, id))
        : [{ ...statement('remediation', 'organization', '*'), PrincipalOrgID: organization.id }],
  };
  // The other policy has as many statements at most, and they are shorter.
  requireSize(functionPolicyBytes(permissions.rule, { settings, partition }));
  return permissions;
};

/** The size of the policy that Lambda makes of these statements, where the name of the Region is longest. */
export const functionPolicyBytes = (
  permissions: readonly FunctionPermission[],
  { settings: { organization }, partition }: FunctionPermissionsInput,
): number =>
  Math.max(
    ...organization.regions.map((region) =>
      Buffer.byteLength(
        JSON.stringify({
          Version: '2012-10-17',
          Id: 'default',
          Statement: permissions.map((permission) =>
            asStored(permission, { partition, region, accountId: organization.masterAccountId }),
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
  master: { readonly partition: string; readonly region: string; readonly accountId: string },
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

const requireSize = (bytes: number) => {
  if (bytes > POLICY_BYTES)
    throw new Error(
      `The resource policy of ${FUNCTIONS.rule} would have ${bytes} bytes, and Lambda takes ${POLICY_BYTES}. ` +
        'Either split the accounts over several installations, each with a function and packs of its own; or admit ' +
        'config.amazonaws.com as a whole by one statement without a condition: the function acts for no account ' +
        'that the settings do not list, but any AWS account could then invoke it at your cost.',
    );
};
