import { OPERATOR_ALIAS, RECOVERY_ALIAS, type Grant, type Settings } from '@compliance/core';

import {
  busArn,
  documentArn,
  eventRuleArn,
  functionArn,
  roleArn,
  topicArn,
  type AccountPlace,
  type RegionalPlace,
} from '../names/arn.ts';
import {
  ASSUMED_ROLES,
  AUTOMATION_ROLE,
  CHANGES_RULE,
  DOCUMENT,
  EVENT_BUS,
  EXECUTION_ROLES,
  FORWARDING_ROLE,
  FUNCTIONS,
  KEEPER,
  KEEPER_ROLE,
  PREFLIGHT,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  VIEWER_FUNCTION,
  dashboardBucket,
  ledgerBucket,
  sealedBucket,
  settingsBucket,
} from '../names/names.ts';
import { sealedLedger } from '../functions/keeper.ts';
import { policyOrganization } from '../functions/organization-policies.ts';
import { inOrganization } from './in-organization.ts';
import { splitPolicy, type NamedPolicy } from './split-policy.ts';
import { trustOfMaster, type RoleSpecification } from './trust-policy.ts';

type Organization = Settings['organization'];

/** The permissions of `compliance preflight` in the master account: read access, and the members' roles. */
export const preflightPolicies = (
  {
    organization,
    accounts,
    ledger,
    dashboard,
  }: Pick<Settings, 'organization' | 'accounts' | 'ledger' | 'dashboard'>,
  partition: string,
): readonly NamedPolicy[] => {
  const master = { partition, accountId: organization.masterAccountId };
  const isMember = accounts.some(({ id }) => id === organization.masterAccountId);
  return splitPolicy(PREFLIGHT, [
    {
      action: 'sts:AssumeRole',
      resource: roleArn({ partition, accountId: '*' }, PREFLIGHT),
      ...inOrganization(organization.id),
    },
    ...masterGrants(organization, master),
    ...keeperGrants({ ledger }, { ...master, region: organization.homeRegion }),
    ...(dashboard ? dashboardGrants(master) : []),
    ...(isMember ? memberGrants(master) : []),
  ]);
};

/** The role that `compliance preflight` assumes in a member account. */
export const preflightRole = (
  member: AccountPlace,
  { masterAccountId, externalId }: Organization,
  readerPrincipalArns: readonly string[],
): RoleSpecification => ({
  name: PREFLIGHT,
  trust: trustOfMaster(
    { partition: member.partition, accountId: masterAccountId },
    readerPrincipalArns,
    externalId,
  ),
  policies: splitPolicy(PREFLIGHT, memberGrants(member)),
});

/** Exactly the calls of the wiring package's live reader; its test checks that. */
const masterGrants = (organization: Organization, master: AccountPlace): readonly Grant[] => {
  const { id, homeRegion } = organization;
  const anywhere = { ...master, region: '*' };
  const home = { ...master, region: homeRegion };
  const functions = Object.values(FUNCTIONS).map((name) => functionArn(anywhere, name));
  const aliases = [OPERATOR_ALIAS, RECOVERY_ALIAS].map((name) =>
    functionArn(anywhere, `${FUNCTIONS.remediation}:${name}`),
  );
  return [
    ...on(functions, 'lambda:GetFunctionConfiguration'),
    ...on([...functions, ...aliases], 'lambda:GetPolicy', 'lambda:GetAlias'),
    // Reading a whole policy needs both.
    ...(policyOrganization(organization) === undefined
      ? []
      : on([...functions, ...aliases], 'lambda:GetResourcePolicy')),
    ...on(
      [documentArn(anywhere, DOCUMENT)],
      'ssm:DescribeDocument',
      'ssm:DescribeDocumentPermission',
      'ssm:GetDocument',
    ),
    ...on([ofHome(home, 'ssm', `parameter${STOP_PARAMETER}`)], 'ssm:GetParameter'),
    ...on(
      [ofHome(home, 'dynamodb', `table/${STATE_TABLE}`)],
      'dynamodb:DescribeTable',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:GetResourcePolicy',
    ),
    ...on(
      [settingsBucket, ledgerBucket].map((name) => `arn:${master.partition}:s3:::${name(master.accountId)}`),
      's3:GetBucketLocation',
    ),
    ...on([topicArn(home, TOPIC)], 'sns:GetTopicAttributes'),
    ...on([busArn(home, EVENT_BUS)], 'events:DescribeEventBus'),
    ...on([eventRuleArn(home, `${EVENT_BUS}/${CHANGES_RULE}*`)], 'events:ListTargetsByRule'),
    'events:ListRules',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'config:DescribeOrganizationConformancePacks',
    'config:GetOrganizationConformancePackDetailedStatus',
    ...(id === undefined ? [] : ORGANIZATION_GRANTS),
    ...roleGrants(master, Object.values(EXECUTION_ROLES)),
  ];
};

/** Reads the keeper, where the ledger is sealed. */
const keeperGrants = (settings: Pick<Settings, 'ledger'>, home: RegionalPlace): readonly Grant[] => {
  const ledger = sealedLedger(settings);
  if (!ledger) return [];
  return [
    ...on([functionArn(home, KEEPER)], 'lambda:GetFunctionConfiguration'),
    ...on([`arn:${home.partition}:s3:::${sealedBucket(home.accountId)}`], 's3:GetBucketLocation'),
    ...on([ledger.signingKeyArn], 'kms:GetPublicKey'),
    ...roleGrants(home, [KEEPER_ROLE]),
  ];
};

/** Reads the hosted dashboard, but none of its data. */
const dashboardGrants = ({ partition, accountId }: AccountPlace): readonly Grant[] => [
  ...on([`arn:${partition}:s3:::${dashboardBucket(accountId)}`], 's3:GetBucketLocation'),
  ...on([`arn:${partition}:cloudfront::${accountId}:function/${VIEWER_FUNCTION}`], 'cloudfront:GetFunction'),
];

/** Reads the organization's accounts, the administrators of its packs, and its policies. */
const ORGANIZATION_GRANTS: readonly Grant[] = [
  'organizations:DescribeOrganization',
  'organizations:DescribePolicy',
  'organizations:ListAccounts',
  'organizations:ListDelegatedAdministrators',
  'organizations:ListParents',
  'organizations:ListPoliciesForTarget',
];

const memberGrants = (member: AccountPlace): readonly Grant[] => [
  'config:DescribeConfigRules',
  'config:DescribeConfigurationRecorderStatus',
  'config:DescribeConfigurationRecorders',
  'config:DescribeDeliveryChannels',
  'config:DescribeRemediationConfigurations',
  'events:ListRules',
  ...on([eventRuleArn({ ...member, region: '*' }, `${CHANGES_RULE}*`)], 'events:ListTargetsByRule'),
  ...roleGrants(member, [...Object.values(ASSUMED_ROLES), AUTOMATION_ROLE, FORWARDING_ROLE]),
];

/** Reads the trust and all policies of the roles, including policies that others attached. */
const roleGrants = (account: AccountPlace, names: readonly string[]): readonly Grant[] => [
  ...on(
    names.map((name) => roleArn(account, name)),
    'iam:GetRole',
    'iam:GetRolePolicy',
    'iam:ListAttachedRolePolicies',
    'iam:ListRolePolicies',
  ),
  ...on(
    [`arn:${account.partition}:iam::${account.accountId}:policy/*`],
    'iam:GetPolicy',
    'iam:GetPolicyVersion',
  ),
];

const on = (resource: readonly string[], ...actions: readonly string[]): readonly Grant[] =>
  actions.map((action) => ({ action, resource }));

const ofHome = ({ partition, region, accountId }: RegionalPlace, service: string, resource: string) =>
  `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
