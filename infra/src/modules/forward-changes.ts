import { CloudwatchEventRule } from '@cdktn/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktn/provider-aws/lib/cloudwatch-event-target/index.js';
import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { busArn, roleArn } from '../names/arn.ts';
import { forwardingRuleName } from '../monitoring/change-forwarding.ts';
import { EVENT_BUS, FORWARDING_ROLE } from '../names/names.ts';
import { ACCOUNT_ID, PARTITION, resourceName } from '../terraform/expressions.ts';
import { addVariable } from '../terraform/terraform-module.ts';

/** Adds the variable that both modules of a member have. */
export const addForwardChanges = (stack: TerraformStack): string =>
  addVariable(stack, 'forward_changes', {
    type: 'bool',
    default: true,
    description:
      "Forward AWS Config's compliance changes of the enabled rules to the event bus of the master account. Use the " +
      'same value for member-global and member-regional.',
  });

/** Adds the EventBridge rules that forward, one for each pattern. */
export const addForwarding = (
  stack: TerraformStack,
  patterns: readonly object[],
  { organization: { masterAccountId, homeRegion } }: Settings,
): void => {
  const count = addForwardChanges(stack).replace('}', ' ? 1 : 0}');
  for (const [index, pattern] of patterns.entries()) {
    const name = forwardingRuleName(index);
    const id = resourceName(name);
    const rule = new CloudwatchEventRule(stack, id, {
      name,
      description: 'Forwards a changed compliance verdict to the master account.',
      eventPattern: JSON.stringify(pattern),
    });
    const target = new CloudwatchEventTarget(stack, `target_${id}`, {
      rule: `\${aws_cloudwatch_event_rule.${id}[0].name}`,
      targetId: 'master',
      arn: busArn({ partition: PARTITION, region: homeRegion, accountId: masterAccountId }, EVENT_BUS),
      roleArn: roleArn({ partition: PARTITION, accountId: ACCOUNT_ID }, FORWARDING_ROLE),
    });
    target.overrideLogicalId(id);
    for (const part of [rule, target]) part.addOverride('count', count);
  }
};
