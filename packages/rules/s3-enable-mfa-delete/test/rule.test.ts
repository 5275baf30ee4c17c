import { AccountId, parseConfigurationItem } from '@compliance/core';
import { fakeSession, itemOf } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const context = (skipBucketsWithLifecycle: boolean) => ({
  parameters: { skipBucketsWithLifecycle },
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const off = { status: 'Enabled' as const, mfaDelete: false, lifecycle: true };

test('a bucket with lifecycle rules, which can never comply, is left out unless the settings count it', () => {
  expect(rule.judge(off, context(true))).toMatchObject({ complianceType: 'NOT_APPLICABLE' });
  expect(rule.judge(off, context(false))).toMatchObject({
    complianceType: 'NON_COMPLIANT',
    annotation: expect.stringContaining('lifecycle'),
  });
});

test('MFA delete alone does not protect a bucket whose versioning is suspended', () => {
  const suspended = { status: 'Suspended' as const, mfaDelete: true, lifecycle: false };
  expect(rule.judge(suspended, context(true))).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: 'MFA delete is on, but versioning is Suspended: an overwrite needs no MFA.',
  });
});

const LIFECYCLE = { rules: [{ id: 'old', status: 'Enabled' }] };

test.for([
  [
    'is on',
    { status: 'Enabled', isMfaDeleteEnabled: true },
    undefined,
    { status: 'Enabled', mfaDelete: true, lifecycle: false },
  ],
  [
    'is off beside lifecycle rules',
    { status: 'Off', isMfaDeleteEnabled: null },
    LIFECYCLE,
    { status: 'Off', mfaDelete: false, lifecycle: true },
  ],
  [
    'is false beside lifecycle rules',
    { status: 'Enabled', isMfaDeleteEnabled: false },
    LIFECYCLE,
    { status: 'Enabled', mfaDelete: false, lifecycle: true },
  ],
  [
    'is absent beside lifecycle rules',
    { status: 'Suspended' },
    LIFECYCLE,
    { status: 'Suspended', mfaDelete: false, lifecycle: true },
  ],
  ['is off without lifecycle rules', { status: 'Enabled', isMfaDeleteEnabled: false }, undefined, undefined],
  ['is missing altogether', undefined, LIFECYCLE, undefined],
] as const)(
  'an item in which MFA delete %s decides only what it shows',
  ([, versioning, lifecycle, expected]) => {
    const session = fakeSession({ allow: [], answers: [] });
    const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
    const supplementaryConfiguration = {
      BucketVersioningConfiguration: versioning,
      BucketLifecycleConfiguration: lifecycle,
    };
    const item = parseConfigurationItem(
      itemOf(resource, session, { arn: 'arn:aws:s3:::logs', supplementaryConfiguration }),
    );
    expect(rule.observe.item?.(item)).toEqual(expected && { facts: expected });
  },
);
