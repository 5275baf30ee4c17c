import {
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetObjectLockConfigurationCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { awsError } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { Interruption } from '../src/base/interruption.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { keepLocked } from '../src/terraform/keep-locked.ts';
import { createRoot } from '../src/terraform/root.ts';
import { fakeOrganization } from './fake-organization.ts';

const POLICY = '{"Statement":[{"Sid":"KeeperAlone"}]}';
const HOME = createRoot('master-home', { accountId: '999988887777', region: 'eu-west-1' });

/** The sealed bucket, with one page of versions, and a fake of S3 that does as a test says at each call. */
const openBucket = async (before: (command: unknown) => void) => {
  const bucket: { policy: string | undefined; deleted: number } = { policy: POLICY, deleted: 0 };
  const send = async (command: unknown): Promise<object> => {
    before(command);
    if (command instanceof GetObjectLockConfigurationCommand)
      return { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } };
    if (command instanceof GetBucketPolicyCommand) return { Policy: bucket.policy };
    if (command instanceof PutBucketPolicyCommand) bucket.policy = command.input.Policy;
    if (command instanceof DeleteBucketPolicyCommand) bucket.policy = undefined;
    if (command instanceof ListObjectVersionsCommand) return { Versions: [{ Key: 'heads/1.json' }] };
    if (command instanceof DeleteObjectsCommand) bucket.deleted += 1;
    return {};
  };
  const interruption = new AbortController();
  const { context } = await fakeOrganization(['111122223333']);
  const keep = () =>
    keepLocked(
      {
        ...context({}, interruption.signal),
        // Only `send` of a client is used.
        client: async <C>() => ({ send }) as C,
        terraform: async () => ({ code: 0, output: 'aws_s3_bucket.sealed' }),
      } satisfies DeployContext,
      HOME,
    );
  return { bucket, interruption, keep };
};

test.each([
  ['the policy is deleted', DeleteBucketPolicyCommand],
  ['versions are listed', ListObjectVersionsCommand],
  ['versions are deleted', DeleteObjectsCommand],
])('a bucket has its policy also where S3 fails when %s', async (_, failing) => {
  const { bucket, keep } = await openBucket((command) => {
    if (command instanceof failing) throw awsError('InternalError', 'It is down.');
  });
  await expect(keep()).rejects.toThrow('It is down.');
  expect(bucket.policy).toBe(POLICY);
});

test('who interrupts the deletion finds the policy back in place, and no more deleted', async () => {
  const { bucket, interruption, keep } = await openBucket((command) => {
    if (command instanceof ListObjectVersionsCommand) interruption.abort(new Interruption());
  });
  await expect(keep()).rejects.toThrow(Interruption);
  expect(bucket).toEqual({ policy: POLICY, deleted: 0 });
});

test('a policy that cannot be put back is said, and what puts it back', async () => {
  const { keep } = await openBucket((command) => {
    if (command instanceof PutBucketPolicyCommand) throw awsError('InternalError', 'It is down.');
  });
  await expect(keep()).rejects.toThrow(
    'compliance-sealed-999988887777 is without its policy, which could not be put back. Run the same command again',
  );
});
