import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';

import type { LocalOrg } from '../../src/index.ts';
import { allow, role, trust } from './deploy.ts';

const LOG = '/aws/events/changes';
const CHANGE = { source: ['aws.config'], 'detail-type': ['Config Rules Compliance Change'] };

/** Forwards changed verdicts of a rule to a bus of the master account, which logs them. */
export const forwardChanges = async (org: LocalOrg, accountId: string, ruleName: string): Promise<void> => {
  const { master } = org.organization;
  const busArn = `arn:aws:events:${org.homeRegion}:${master.id}:event-bus/changes`;
  const logArn = `arn:aws:logs:${org.homeRegion}:${master.id}:log-group:${LOG}`;
  await org.client(EventBridgeClient, master.id).send(new CreateEventBusCommand({ Name: 'changes' }));
  await allowOrganization(org, org.organization.id);
  await org.client(CloudWatchLogsClient, master.id).send(new CreateLogGroupCommand({ logGroupName: LOG }));
  await allowLogDelivery(org, 'logs:PutLogEvents');
  await putRule(org, master.id, 'changes', CHANGE, { Arn: logArn });
  await role(
    org,
    accountId,
    'forward',
    trust(
      { Service: 'events.amazonaws.com' },
      { ArnLike: { 'aws:SourceArn': `arn:aws:events:*:${accountId}:rule/forward` } },
    ),
    allow('events:PutEvents', busArn),
  );
  await putRule(
    org,
    accountId,
    'default',
    { ...CHANGE, detail: { configRuleName: [{ prefix: ruleName }] } },
    { Arn: busArn, RoleArn: `arn:aws:iam::${accountId}:role/forward` },
  );
};

/** Allows only accounts of this organization to put events on the bus. */
export const allowOrganization = async (org: LocalOrg, organizationId: string): Promise<void> => {
  const { master } = org.organization;
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'members',
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: `arn:aws:events:${org.homeRegion}:${master.id}:event-bus/changes`,
        Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
      },
    ],
  });
  await org
    .client(EventBridgeClient, master.id)
    .send(new PutPermissionCommand({ EventBusName: 'changes', Policy }));
};

/** Allows EventBridge to create log streams, and this action. */
export const allowLogDelivery = async (org: LocalOrg, action: string): Promise<void> => {
  await org.client(CloudWatchLogsClient, org.organization.master.id).send(
    new PutResourcePolicyCommand({
      policyName: 'changes',
      policyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: ['logs:CreateLogStream', action],
            Resource: '*',
          },
        ],
      }),
    }),
  );
};

/** Reads the logged changes. */
export const loggedChanges = async (org: LocalOrg): Promise<readonly unknown[]> => {
  const { events = [] } = await org
    .client(CloudWatchLogsClient, org.organization.master.id)
    .send(new FilterLogEventsCommand({ logGroupName: LOG }));
  return events.map(({ message = '' }): unknown => JSON.parse(message));
};

const putRule = async (
  org: LocalOrg,
  accountId: string,
  EventBusName: string,
  pattern: object,
  target: { readonly Arn: string; readonly RoleArn?: string },
) => {
  const events = org.client(EventBridgeClient, accountId);
  await events.send(
    new PutRuleCommand({ EventBusName, Name: 'forward', EventPattern: JSON.stringify(pattern) }),
  );
  await events.send(
    new PutTargetsCommand({ EventBusName, Rule: 'forward', Targets: [{ Id: 'target', ...target }] }),
  );
};
