import { RECOVERY_ALIAS, type Grant } from '@compliance/core';

import { functionArn, queueArn, roleArn, topicArn } from '../names/arn.ts';
import type { Home } from '../functions/function-environment.ts';
import {
  ASSUMED_ROLES,
  AUDIT_LOG_GROUP,
  EXECUTION_ROLES,
  FAILURE_QUEUE,
  FUNCTIONS,
  KEY_ALIAS,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  functionLogGroup,
  ledgerBucket,
  settingsBucket,
  type FunctionKey,
} from '../names/names.ts';
import { inOrganization } from './in-organization.ts';
import { splitPolicy } from './split-policy.ts';
import { tableGrants } from './table-policy.ts';
import { trustOfLambda, type RoleSpecification } from './trust-policy.ts';

/** The execution roles of the two functions. In a member they act only through its roles. */
export const masterRoles = (home: Home): Readonly<Record<FunctionKey, RoleSpecification>> => ({
  rule: executionRole('rule', home, [
    {
      action: 'sqs:SendMessage',
      // Lambda sends failed events there with the permissions of the function.
      resource: queueArn(
        { partition: home.partition, region: '*', accountId: home.masterAccountId },
        FAILURE_QUEUE,
      ),
    },
    {
      action: 'lambda:InvokeFunction',
      // At the end of a sweep. The unqualified function, which fixes, is not granted.
      resource: functionArn(
        { partition: home.partition, region: '*', accountId: home.masterAccountId },
        `${FUNCTIONS.remediation}:${RECOVERY_ALIAS}`,
      ),
    },
  ]),
  remediation: executionRole('remediation', home, [
    { action: 'ssm:GetParameter', resource: arnAtHome(home, 'ssm', `parameter${STOP_PARAMETER}`) },
  ]),
});

const executionRole = (key: FunctionKey, home: Home, own: readonly Grant[]): RoleSpecification => ({
  name: EXECUTION_ROLES[key],
  trust: trustOfLambda,
  policies: splitPolicy(EXECUTION_ROLES[key], [
    {
      action: 'sts:AssumeRole',
      // Any account: the settings list the accounts, and each account's role trusts this one.
      resource: roleArn({ partition: home.partition, accountId: '*' }, ASSUMED_ROLES[key]),
      ...inOrganization(home.organizationId),
    },
    ...logGrants(key, home),
    ...sharedGrants(home),
    ...tableGrants(key, arnAtHome(home, 'dynamodb', `table/${STATE_TABLE}`)),
    ...own,
  ]),
});

const logGrants = (key: FunctionKey, { partition, masterAccountId }: Home): readonly Grant[] =>
  ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
    action,
    // In every Region that has the function. Terraform creates the groups; the function creates none.
    resource: [functionLogGroup(key), AUDIT_LOG_GROUP].map(
      (group) => `arn:${partition}:logs:*:${masterAccountId}:log-group:${group}:*`,
    ),
  }));

/** Access to settings, ledger and topic. */
const sharedGrants = (home: Home): readonly Grant[] => {
  const { partition, masterAccountId, homeRegion } = home;
  return [
    { action: 's3:GetObject', resource: `arn:${partition}:s3:::${settingsBucket(masterAccountId)}/*` },
    { action: 's3:PutObject', resource: `arn:${partition}:s3:::${ledgerBucket(masterAccountId)}/*` },
    // The topic's key is created later, in another module, so the grant names its alias.
    ...['Decrypt', 'GenerateDataKey'].map((operation) => ({
      action: `kms:${operation}`,
      resource: arnAtHome(home, 'kms', 'key/*'),
      condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': KEY_ALIAS } },
    })),
    {
      action: 'sns:Publish',
      resource: topicArn({ partition, region: homeRegion, accountId: masterAccountId }, TOPIC),
    },
  ];
};

const arnAtHome = ({ partition, homeRegion, masterAccountId }: Home, service: string, resource: string) =>
  `arn:${partition}:${service}:${homeRegion}:${masterAccountId}:${resource}`;
