import {
  EnableMacieCommand,
  Macie2Client,
  UpdateAutomatedDiscoveryConfigurationCommand,
  UpdateMacieSessionCommand,
} from '@aws-sdk/client-macie2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const account =
  (...steps: ((admin: Session) => Promise<unknown>)[]) =>
  async (admin: Session) => {
    for (const step of steps) await step(admin);
    return { resourceType: 'AWS::::Account', resourceId: admin.accountId };
  };

const bucket = ({ accountId, region, ...admin }: Session) =>
  admin.client(S3Client).send(
    new CreateBucketCommand({
      Bucket: `macie-${accountId}-${region}`,
      CreateBucketConfiguration: {
        LocationConstraint: region === 'eu-west-1' ? 'eu-west-1' : 'eu-central-1',
      },
    }),
  );
const macie = (admin: Session) => admin.client(Macie2Client).send(new EnableMacieCommand({}));
const paused = (admin: Session) =>
  admin.client(Macie2Client).send(new UpdateMacieSessionCommand({ status: 'PAUSED' }));
const withoutDiscovery = (admin: Session) =>
  admin.client(Macie2Client).send(new UpdateAutomatedDiscoveryConfigurationCommand({ status: 'DISABLED' }));

const MEMBERS = {
  'macie2:ListAutomatedDiscoveryAccounts':
    'Only a member of an organization is asked so, which the emulator does not know: rule.test.ts proves it.',
};

describeRuleContract(rule, {
  compliant: { 'an account with a bucket and Macie': account(bucket, macie, withoutDiscovery) },
  nonCompliant: {
    'an account with a bucket and without Macie': account(bucket),
    'an account with a bucket whose Macie is paused': account(bucket, macie, paused),
  },
  notApplicable: { 'an account without a bucket': account() },
  unproven: {
    ...MEMBERS,
    'macie2:UpdateAutomatedDiscoveryConfiguration': 'The contract below proves it.',
  },
});

describeRuleContract(rule, {
  parameters: { requireAutomatedDiscovery: true, onlyRegionsWithBuckets: false },
  compliant: { 'an account with automated discovery, without a bucket': account(macie) },
  nonCompliant: {
    'an account whose Macie does not discover automatically': account(macie, withoutDiscovery),
    'an account without Macie, which gets automated discovery with it': account(),
  },
  unproven: { ...MEMBERS, 'macie2:UpdateMacieSession': 'The contract above proves it.' },
});
