import { CreateBucketCommand, GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { LocalOrg } from '@compliance/local-org';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { deployedOrg } from './story-org.ts';

let org: LocalOrg;
beforeAll(async () => {
  org = await deployedOrg({ settings: { rules: { S3_ENABLE_VERSIONING: { mode: 'auto' } } } });
}, 60_000);
afterAll(() => org.stop());

describe('a bucket without versions', () => {
  test('is found, fixed and found compliant by what would be deployed', async () => {
    const [member] = org.organization.members;
    const accountId = member?.id ?? '';
    const s3 = org.client(S3Client, accountId);
    await s3.send(
      new CreateBucketCommand({
        Bucket: 'story-logs',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
    await org.settled();
    console.log(
      JSON.stringify(org.failures(), null, 1),
      org.logs().slice(-20),
      org.invocations().slice(-4),
      org.automations({ accountId, region: 'eu-west-1' }),
    );
    expect(org.verdicts({ accountId, ruleName: 's3-enable-versioning' })).toMatchObject([
      { resourceId: 'story-logs', complianceType: 'COMPLIANT' },
    ]);
    await expect(s3.send(new GetBucketVersioningCommand({ Bucket: 'story-logs' }))).resolves.toMatchObject({
      Status: 'Enabled',
    });
  });
});
