import { CloudwatchEventBusPolicy } from '@cdktn/provider-aws/lib/cloudwatch-event-bus-policy/index.js';
import { CloudwatchEventBus } from '@cdktn/provider-aws/lib/cloudwatch-event-bus/index.js';
import { CloudwatchEventRule } from '@cdktn/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktn/provider-aws/lib/cloudwatch-event-target/index.js';
import { CloudwatchLogGroup } from '@cdktn/provider-aws/lib/cloudwatch-log-group/index.js';
import { CloudwatchLogResourcePolicy } from '@cdktn/provider-aws/lib/cloudwatch-log-resource-policy/index.js';
import type { TerraformStack } from 'cdktf';

import { CHANGES_LOG_GROUP, EVENT_BUS } from '../names.ts';
import { documentText, PARTITION } from '../terraform/expressions.ts';
import { output } from '../terraform/terraform-module.ts';

interface ComplianceChanges {
  readonly organizationId: string;
  readonly homeRegion: string;
  readonly masterAccountId: string;
}

/** A bus that the accounts of the organization may forward AWS Config's compliance changes to, kept in a log. */
export const complianceChanges = (
  stack: TerraformStack,
  { organizationId, homeRegion, masterAccountId }: ComplianceChanges,
): void => {
  const bus = new CloudwatchEventBus(stack, 'bus', { name: EVENT_BUS });
  new CloudwatchEventBusPolicy(stack, 'bus_policy', {
    eventBusName: bus.name,
    policy: documentText({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Organization',
          Effect: 'Allow',
          Principal: '*',
          Action: 'events:PutEvents',
          Resource: `arn:${PARTITION}:events:${homeRegion}:${masterAccountId}:event-bus/${EVENT_BUS}`,
          Condition: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
        },
      ],
    }),
  });
  const log = new CloudwatchLogGroup(stack, 'changes', { name: CHANGES_LOG_GROUP, retentionInDays: 90 });
  new CloudwatchLogResourcePolicy(stack, 'changes_policy', {
    policyName: 'compliance-changes',
    policyDocument: documentText({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `arn:${PARTITION}:logs:${homeRegion}:${masterAccountId}:log-group:${CHANGES_LOG_GROUP}:*`,
        },
      ],
    }),
  });
  const rule = new CloudwatchEventRule(stack, 'changes_rule', {
    name: 'compliance-changes',
    description: 'A resource became compliant or ceased to be.',
    eventBusName: bus.name,
    eventPattern: JSON.stringify({
      source: ['aws.config'],
      'detail-type': ['Config Rules Compliance Change'],
    }),
  });
  new CloudwatchEventTarget(stack, 'changes_target', {
    rule: rule.name,
    eventBusName: bus.name,
    targetId: 'log',
    arn: log.arn,
  });
  output(stack, 'event_bus_arn', bus.arn, 'Where members may forward compliance changes to.');
};
