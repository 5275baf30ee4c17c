import { CloudwatchLogGroup } from '@cdktn/provider-aws/lib/cloudwatch-log-group/index.js';
import { Token, type TerraformStack } from 'cdktf';

import { resourceName } from '../terraform/expressions.ts';

/** Adds a log group with a resource name after its own: `/aws/lambda/x` → `aws_lambda_x`. */
export const addLogGroup = (
  stack: TerraformStack,
  name: string,
  retentionDays: string,
): CloudwatchLogGroup => {
  const id = resourceName(name.slice(1));
  const group = new CloudwatchLogGroup(stack, `log_${id}`, {
    name,
    retentionInDays: Token.asNumber(retentionDays),
  });
  group.overrideLogicalId(id);
  return group;
};
