import { CreateBucketCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { tagsByArn } from '../../src/aws/resource-tags.ts';
import { emulatedAccount } from '../../src/testing/emulator.ts';

test('tagsByArn returns the tags of one resource or of all of its type, as requested', async () => {
  const { accountId, admin } = await emulatedAccount('us-east-1');
  const s3 = admin.client(S3Client);
  const [own, other, bare] = ['own', 'other', 'bare'].map((name) => `${name}-${accountId}`);
  for (const Bucket of [own, other, bare]) await s3.send(new CreateBucketCommand({ Bucket }));
  for (const Bucket of [own, other])
    await s3.send(
      new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'name', Value: Bucket }] } }),
    );

  const resourceType = 'AWS::S3::Bucket';
  const shape = { tagFilter: 's3', arn: (id: string) => `arn:aws:s3:::${id}` };
  const asked = async (resourceId = '') =>
    Object.fromEntries(await tagsByArn(admin, shape, [{ resourceType, resourceId }]));
  await expect(asked(own)).resolves.toEqual({ [`arn:aws:s3:::${own}`]: { name: own } });
  await expect(asked(bare)).resolves.toEqual({});
  expect([...(await tagsByArn(admin, shape)).keys()].toSorted()).toEqual(
    [own, other].map((name) => `arn:aws:s3:::${name}`).toSorted(),
  );
});
