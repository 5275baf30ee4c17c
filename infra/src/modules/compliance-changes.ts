import { CloudwatchEventBusPolicy } from '@cdktn/provider-aws/lib/cloudwatch-event-bus-policy/index.js';
import { CloudwatchEventBus } from '@cdktn/provider-aws/lib/cloudwatch-event-bus/index.js';
import { CloudwatchEventRule } from '@cdktn/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktn/provider-aws/lib/cloudwatch-event-target/index.js';
import { CloudwatchLogGroup } from '@cdktn/provider-aws/lib/cloudwatch-log-group/index.js';
import { CloudwatchLogResourcePolicy } from '@cdktn/provider-aws/lib/cloudwatch-log-resource-policy/index.js';
import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { COMPLIANCE_CHANGE, busPolicy, changesLogPolicy } from '../monitoring/change-forwarding.ts';
import { CHANGES_LOG_GROUP, CHANGES_RULE, EVENT_BUS } from '../names/names.ts';
import { documentText, PARTITION } from '../terraform/expressions.ts';
import { addOutput } from '../terraform/terraform-module.ts';

/** Adds the bus to which members forward AWS Config's compliance changes, and a log of its events. */
export const addComplianceChanges = (stack: TerraformStack, settings: Settings): void => {
  const bus = new CloudwatchEventBus(stack, 'bus', { name: EVENT_BUS });
  new CloudwatchEventBusPolicy(stack, 'bus_policy', {
    eventBusName: bus.name,
    policy: documentText(busPolicy(settings, PARTITION)),
  });
  const log = new CloudwatchLogGroup(stack, 'changes', { name: CHANGES_LOG_GROUP, retentionInDays: 365 });
  new CloudwatchLogResourcePolicy(stack, 'changes_policy', {
    policyName: 'compliance-changes',
    policyDocument: documentText(changesLogPolicy(settings.organization, PARTITION)),
  });
  const rule = new CloudwatchEventRule(stack, 'changes_rule', {
    name: CHANGES_RULE,
    description: 'The compliance of a resource changed.',
    eventBusName: bus.name,
    eventPattern: JSON.stringify(COMPLIANCE_CHANGE),
  });
  new CloudwatchEventTarget(stack, 'changes_target', {
    rule: rule.name,
    eventBusName: bus.name,
    targetId: 'log',
    arn: log.arn,
  });
  addOutput(stack, 'event_bus_arn', bus.arn, 'The event bus to which members forward compliance changes.');
};
