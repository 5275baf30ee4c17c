import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import type { Rule, Settings } from '@compliance/core';
import {
  CHANGES_LOG_GROUP,
  CHANGES_RULE,
  COMPLIANCE_CHANGE,
  EVENT_BUS,
  FORWARDING_ROLE,
  busArn,
  busPolicy,
  changesLogPolicy,
  forwardedChanges,
  forwardingRole,
  forwardingRuleName,
  logGroupArn,
  roleArn,
} from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

import { makeRole } from './preflight-reader.ts';

/** Deploys what Terraform would: every member forwards its compliance changes in the home Region. */
export const forwardChanges = async (
  org: LocalOrg,
  settings: Settings,
  rules: readonly Rule[],
): Promise<void> => {
  const { organization, accounts } = settings;
  const { masterAccountId, homeRegion } = organization;
  const home = { partition: 'aws', region: homeRegion, accountId: masterAccountId };
  const events = org.client(EventBridgeClient, masterAccountId);
  const logs = org.client(CloudWatchLogsClient, masterAccountId);
  await events.send(new CreateEventBusCommand({ Name: EVENT_BUS }));
  await admitMembers(org, settings);
  await logs.send(new CreateLogGroupCommand({ logGroupName: CHANGES_LOG_GROUP }));
  await logs.send(
    new PutResourcePolicyCommand({
      policyName: 'compliance-changes',
      policyDocument: JSON.stringify(changesLogPolicy(organization, 'aws')),
    }),
  );
  await putRule(events, EVENT_BUS, CHANGES_RULE, COMPLIANCE_CHANGE, {
    Arn: logGroupArn(home, CHANGES_LOG_GROUP),
  });
  for (const { id: accountId } of accounts) {
    const member = { partition: 'aws', accountId };
    await makeRole(org, accountId, forwardingRole(member, organization));
    for (const [index, pattern] of forwardedChanges(rules, settings).entries())
      await putRule(org.client(EventBridgeClient, accountId), 'default', forwardingRuleName(index), pattern, {
        Arn: busArn(home, EVENT_BUS),
        RoleArn: roleArn(member, FORWARDING_ROLE),
      });
  }
};

/** Puts the policy of the event bus. */
export const admitMembers = async (org: LocalOrg, settings: Settings): Promise<void> => {
  const events = org.client(EventBridgeClient, settings.organization.masterAccountId);
  const Policy = JSON.stringify(busPolicy(settings, 'aws'));
  await events.send(new PutPermissionCommand({ EventBusName: EVENT_BUS, Policy }));
};

const putRule = async (
  events: EventBridgeClient,
  EventBusName: string,
  Name: string,
  pattern: object,
  target: { readonly Arn: string; readonly RoleArn?: string },
) => {
  await events.send(new PutRuleCommand({ EventBusName, Name, EventPattern: JSON.stringify(pattern) }));
  await events.send(
    new PutTargetsCommand({ EventBusName, Rule: Name, Targets: [{ Id: 'target', ...target }] }),
  );
};
