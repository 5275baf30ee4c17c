import { DataAwsCallerIdentity } from '@cdktn/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktn/provider-aws/lib/data-aws-partition/index.js';
import { DataAwsRegion } from '@cdktn/provider-aws/lib/data-aws-region/index.js';
import type { TerraformStack } from 'cdktf';

/**
 * Reads where the module is applied, and refuses a wrong place before anything is planned.
 * @param accountIds the accounts that the settings mean; the first is told as the example
 */
export const assertPlace = (
  stack: TerraformStack,
  { accountIds, regions }: { readonly accountIds: readonly string[]; readonly regions?: readonly string[] },
): void => {
  new DataAwsPartition(stack, 'current_partition', {}).overrideLogicalId('current');
  new DataAwsCallerIdentity(stack, 'current_account', {
    lifecycle: {
      postcondition: [
        {
          condition: `\${contains(${JSON.stringify(accountIds)}, self.account_id)}`,
          errorMessage:
            `The credentials belong to account \${self.account_id}, and compliance.yaml means ` +
            `${accountIds.length === 1 ? accountIds[0] : 'another one, or does not list it yet'}.`,
        },
      ],
    },
  }).overrideLogicalId('current');
  new DataAwsRegion(stack, 'current_region', {
    ...(regions && {
      lifecycle: {
        postcondition: [
          {
            condition: `\${contains(${JSON.stringify(regions)}, self.id)}`,
            errorMessage: `The provider's Region is \${self.id}, and compliance.yaml means ${regions.join(', ')}.`,
          },
        ],
      },
    }),
  }).overrideLogicalId('current');
};
