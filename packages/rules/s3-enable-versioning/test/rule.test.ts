import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { AccountId, parseConfigurationItem } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { s3EnableVersioning as rule } from '../src/rule.ts';

const context = {
  parameters: {},
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
};
const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };

describe('judge', () => {
  test.each([
    ['Enabled', 'COMPLIANT', {}],
    ['Suspended', 'NON_COMPLIANT', { annotation: 'Versioning is Suspended.' }],
    ['Off', 'NON_COMPLIANT', { annotation: 'Versioning is Off.' }],
  ] as const)('a bucket with versioning %s is %s', (status, complianceType, reason) => {
    expect(rule.judge({ status }, context)).toEqual({ complianceType, ...reason });
  });
});

describe('observe.item', () => {
  const itemWith = (supplementaryConfiguration: object) =>
    parseConfigurationItem({
      accountId: '111122223333',
      awsRegion: 'eu-west-1',
      ...resource,
      configurationItemStatus: 'OK',
      configurationItemCaptureTime: new Date('2026-11-20T10:00:00Z'),
      supplementaryConfiguration,
    });

  test('the versioning of a bucket is read from an item of an event', () => {
    const item = itemWith({ BucketVersioningConfiguration: { status: 'Off', isMfaDeleteEnabled: null } });
    expect(rule.observe.item?.(item)).toEqual({ facts: { status: 'Off' } });
  });

  test('the versioning of a bucket is read from the JSON text of the Config API', () => {
    const item = itemWith({
      BucketVersioningConfiguration: '{"status":"Suspended","isMfaDeleteEnabled":false}',
    });
    expect(rule.observe.item?.(item)).toEqual({ facts: { status: 'Suspended' } });
  });

  test('an item without versioning gives no facts', () => {
    expect(rule.observe.item?.(itemWith({}))).toBeUndefined();
  });
});

describe('observe.get', () => {
  const failing = (name: string) =>
    fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(S3Client, GetBucketVersioningCommand, () => {
          throw awsError(name);
        }),
      ],
    });

  test('a bucket that vanished is gone', async () => {
    await expect(rule.observe.get(resource, { session: failing('NoSuchBucket') })).resolves.toBeUndefined();
  });

  test('a bucket that may not be read is an error, not a verdict', async () => {
    await expect(rule.observe.get(resource, { session: failing('AccessDenied') })).rejects.toThrow(
      'AccessDenied',
    );
  });
});

test('a fix names the owner, so that it cannot change a bucket of another account', () => {
  const fix = rule.fix?.({ ...context, resource, facts: { status: 'Off' }, handles: { mfaDelete: false } });
  expect(fix).toMatchObject({
    risk: 'safe',
    steps: [{ input: { Bucket: 'logs', ExpectedBucketOwner: '111122223333' } }],
    undoLeaves: { status: 'Suspended' },
  });
});
