import { partitionOf, type Account, type Settings } from '@compliance/core';

import { accountArn, functionArn, type RegionalPlace } from '../names/arn.ts';
import { FUNCTIONS, type FunctionKey } from '../names/names.ts';
import { CONFIG, organizationPolicies, policyOrganization } from './organization-policies.ts';

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

/** Lambda's limit for the resource policy of a function. */
export const POLICY_BYTES = 20 * 1024;

/** Replaces the account id in the one statement that admits AWS Config for any account. */
export const ANY_ACCOUNT = 'any';

/**
 * Returns the statements of the functions' resource policies: who may invoke them.
 * AWS Config may, on behalf of each account of the settings or, with `invokePermission: any-account`, of any. The automations
 * of the organization may or, without one, those of each account. No role's ARN: it breaks when the role is recreated.
 * With `invokePermission: organization` there are none: `organizationPolicies` has whole policies.
 * @throws {Error} when a policy exceeds Lambda's limit, with the alternatives
 */
export const functionPermissions = (
  settings: Settings,
): Readonly<Record<FunctionKey, readonly FunctionPermission[]>> => {
  const permissions = permissionsOf(settings);
  for (const key of KEYS) assertSize(key, functionPolicyBytes(permissions[key], settings));
  return permissions;
};

/** The size of a function's policy as the settings make it, in the Region with the longest name. */
export const functionPolicySize = (key: FunctionKey, settings: Settings): number =>
  policyOrganization(settings.organization) === undefined
    ? functionPolicyBytes(functionPermissions(settings)[key], settings)
    : Math.max(
        ...mastersOf(settings).map((master) =>
          Buffer.byteLength(JSON.stringify(organizationPolicies(settings, master)?.[key])),
        ),
      );

/** The first account for whose statement a function's policy has no room, by its place in the settings, and why. */
export const firstAccountWithoutRoom = (
  settings: Settings,
): { readonly index: number; readonly reason: string } | undefined => {
  const permissions = permissionsOf(settings);
  const fits = (key: FunctionKey, count: number) =>
    functionPolicyBytes(permissions[key].slice(0, count), settings) <= POLICY_BYTES;
  const key = KEYS.find((one) => !fits(one, permissions[one].length));
  if (key === undefined) return undefined;
  // The size grows with each statement, so halving finds the last that fits.
  let [held, tooMany] = [0, permissions[key].length];
  while (tooMany - held > 1) {
    const middle = Math.floor((held + tooMany) / 2);
    if (fits(key, middle)) held = middle;
    else tooMany = middle;
  }
  const account = settings.accounts[held];
  return {
    index: held,
    reason: `account ${account?.id} (${account?.name}) does not fit: the resource policy of ${FUNCTIONS[key]} holds a statement for each of ${held} accounts, and this is the next. ${ALTERNATIVES[key]}`,
  };
};

const KEYS = ['rule', 'remediation'] as const satisfies readonly FunctionKey[];

const permissionsOf = (settings: Settings) =>
  policyOrganization(settings.organization) === undefined
    ? { rule: admitConfig(settings), remediation: admitAutomations(settings) }
    : { rule: [], remediation: [] };

/** Whether a statement for each account fits into the policy of the rule function. */
export const fitsByAccount = (settings: Settings): boolean =>
  functionPolicyBytes(settings.accounts.map(forAccount), settings) <= POLICY_BYTES;

// AddPermission has no condition on the organization of a service's source, so each account needs a statement.
const admitConfig = ({ organization, accounts }: Settings): readonly FunctionPermission[] =>
  organization.invokePermission === 'any-account'
    ? [statement('rule', `config-${ANY_ACCOUNT}`, CONFIG)]
    : accounts.map(forAccount);

const forAccount = ({ id }: Account): FunctionPermission => ({
  ...statement('rule', `config-${id}`, CONFIG),
  SourceAccount: id,
});

/** Never open: the payload names an account and a resource, and the answer discloses their state. */
const admitAutomations = ({ organization, accounts }: Settings): readonly FunctionPermission[] =>
  organization.id === undefined
    ? accounts.map(({ id }) => statement('remediation', `account-${id}`, id))
    : [{ ...statement('remediation', 'organization', '*'), PrincipalOrgID: organization.id }];

/** The size of the policy that Lambda stores for these statements, in the Region with the longest name. */
export const functionPolicyBytes = (permissions: readonly FunctionPermission[], settings: Settings): number =>
  Math.max(
    ...mastersOf(settings).map((master) =>
      Buffer.byteLength(
        JSON.stringify({
          Version: '2012-10-17',
          Id: 'default',
          Statement: permissions.map((permission) => asStored(permission, master)),
        }),
      ),
    ),
  );

/** The master account in each Region. */
const mastersOf = ({ organization }: Settings): readonly RegionalPlace[] =>
  organization.regions.map((region) => ({
    partition: partitionOf(region),
    region,
    accountId: organization.masterAccountId,
  }));

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
      `The resource policy of ${FUNCTIONS[key]} is too large: ${bytes} bytes; Lambda's limit is ${POLICY_BYTES}. ${ALTERNATIVES[key]}`,
    );
};

const SPLIT =
  'Either split the accounts across several installations, each with its own functions and packs; or';
const ALTERNATIVES = {
  rule:
    `${SPLIT} set organization.invokePermission to organization: one statement then admits AWS Config for the organization's ` +
    'accounts, once docs/prove-in-aws.md has shown that AWS Config names the organization; ' +
    'or set organization.invokePermission to any-account: one statement then admits AWS Config for any account. ' +
    'The function acts only for accounts that the settings list, but any AWS account can invoke it at your cost.',
  remediation: `${SPLIT} set organization.id: one statement then admits all accounts of the organization.`,
} as const satisfies Record<FunctionKey, string>;
