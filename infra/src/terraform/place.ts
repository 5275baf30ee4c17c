import { DataAwsCallerIdentity } from '@cdktn/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktn/provider-aws/lib/data-aws-partition/index.js';
import { DataAwsRegion } from '@cdktn/provider-aws/lib/data-aws-region/index.js';
import type { TerraformStack } from 'cdktf';

/**
 * Reads the account and Region of the provider, and fails the plan when they are wrong.
 * @param accountIds the accounts that the module may be applied to
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
            `Wrong credentials: they belong to account \${self.account_id}, but compliance.yaml ` +
            `${accountIds.length === 1 ? `expects ${accountIds[0]}` : 'does not list it'}.`,
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
            errorMessage: `Wrong Region of the provider: \${self.id}. compliance.yaml expects ${regions.join(', ')}.`,
          },
        ],
      },
    }),
  }).overrideLogicalId('current');
};
