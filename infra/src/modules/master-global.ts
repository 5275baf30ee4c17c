import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { aggregatorRole } from '../config-roles.ts';
import { masterRoles } from '../master-roles.ts';
import type { FunctionKey } from '../names.ts';
import { PARTITION } from '../terraform/expressions.ts';
import { placeOf } from '../terraform/place.ts';
import { role } from '../terraform/role.ts';
import { output, terraformModule } from '../terraform/terraform-module.ts';

const KEYS: readonly FunctionKey[] = ['rule', 'remediation'];

/** What the functions run as: once for the master account, whichever its Regions. */
export const masterGlobal = ({ organization }: Settings): TerraformStack =>
  terraformModule('master-global', (stack) => {
    const { masterAccountId, homeRegion } = organization;
    placeOf(stack, { accountIds: [masterAccountId] });
    const roles = masterRoles({ masterAccountId, homeRegion, partition: PARTITION });
    for (const key of KEYS)
      output(stack, `${key}_role_arn`, role(stack, roles[key]).arn, `What the ${key} function runs as.`);
    if (organization.id !== undefined)
      output(
        stack,
        'aggregator_role_arn',
        role(stack, aggregatorRole({ partition: PARTITION, accountId: masterAccountId })).arn,
        'What the aggregator of AWS Config runs as.',
      );
  });
