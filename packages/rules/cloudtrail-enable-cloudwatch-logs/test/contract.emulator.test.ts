import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { trailItem, trailResource, trailsExcept } from '@compliance/trails/testing';

import { rule } from '../src/rule.ts';

const role = (accountId: string) => `arn:aws:iam::${accountId}:role/cloudtrail-logs`;

const trailWithLogGroup = async (admin: Session) => {
  const logGroupName = '/aws/trail';
  await admin.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName }));
  return trailResource({
    CloudWatchLogsLogGroupArn: `arn:aws:logs:${admin.region}:${admin.accountId}:log-group:${logGroupName}:*`,
    CloudWatchLogsRoleArn: role(admin.accountId),
  })(admin);
};

describeRuleContract(rule, {
  parameters: { deliveryRoleArn: 'arn:{partition}:iam::{accountId}:role/cloudtrail-logs' },
  compliant: { 'a trail with a log group': trailWithLogGroup },
  nonCompliant: { 'a trail without a log group': trailResource() },
  manual: { 'a trail of the organization without a log group': trailResource({ IsOrganizationTrail: true }) },
  item: trailItem,
  untouched: trailsExcept('CloudWatchLogsLogGroupArn', 'CloudWatchLogsRoleArn'),
  gone: { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'no-such-trail' },
});
