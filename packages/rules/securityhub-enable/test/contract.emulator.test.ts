import {
  BatchEnableStandardsCommand,
  EnableSecurityHubCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const account = (admin: Session): Promise<Resource> =>
  Promise.resolve({ resourceType: 'AWS::::Account', resourceId: admin.accountId });

/** Security Hub with these standards alone. */
const hub =
  (...standards: readonly string[]) =>
  async (admin: Session) => {
    const client = admin.client(SecurityHubClient);
    await client.send(new EnableSecurityHubCommand({ EnableDefaultStandards: false }));
    for (const name of standards)
      await client.send(
        new BatchEnableStandardsCommand({
          StandardsSubscriptionRequests: [
            { StandardsArn: `arn:aws:securityhub:${admin.region}::standards/${name}` },
          ],
        }),
      );
    return account(admin);
  };

const REQUIRED = 'cis-aws-foundations-benchmark/v/5.0.0';

describeRuleContract(rule, {
  compliant: { 'an account with Security Hub, without a standard': hub() },
  nonCompliant: { 'an account without Security Hub': account },
  unproven: Object.fromEntries(
    ['securityhub:BatchEnableStandards', 'securityhub:BatchDisableStandards'].map((action) => [
      action,
      'The contract below proves it.',
    ]),
  ),
});

describeRuleContract(rule, {
  parameters: { requireStandards: [REQUIRED] },
  compliant: { 'an account with the required standard': hub(REQUIRED) },
  nonCompliant: {
    'an account without Security Hub, which gets the required standard with it': account,
    'an account with another standard than the required one': hub('pci-dss/v/4.0.1'),
  },
});
