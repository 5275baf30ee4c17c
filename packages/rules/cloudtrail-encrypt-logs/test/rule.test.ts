import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { ME, MANAGEMENT } from '@compliance/trails/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';
import { readTrailKey } from '../src/trail-key.ts';

const KEY = `arn:aws:kms:us-east-1:${ME}:key/1`;
const context = {
  parameters: rule.parameters.parse({}),
  accountId: AccountId.parse(ME),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
};

describe('the key of a trail', () => {
  const kms = (answer: () => { KeyMetadata: { KeyId: string; KeyState: 'Enabled' | 'PendingDeletion' } }) => {
    const regions: string[] = [];
    const session = fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(KMSClient, DescribeKeyCommand, (_, region) => {
          regions.push(region);
          return answer();
        }),
      ],
    });
    return { session, regions };
  };
  const refusing = (code: string) =>
    kms(() => {
      throw awsError(code);
    }).session;
  const found = (key: string, state: string | null) => ({ organization: false, key, state });

  test('is described in its own Region, which is that of the log bucket and may not be that of the trail', async () => {
    const { session, regions } = kms(() => ({ KeyMetadata: { KeyId: '1', KeyState: 'PendingDeletion' } }));
    await expect(readTrailKey({ KmsKeyId: KEY }, session)).resolves.toEqual(found(KEY, 'PendingDeletion'));
    expect(regions).toEqual(['us-east-1']);
  });

  test('is not described when there is none', async () => {
    const { session, regions } = kms(() => ({ KeyMetadata: { KeyId: '1', KeyState: 'Enabled' } }));
    await expect(readTrailKey({ KmsKeyId: '' }, session)).resolves.toMatchObject({ key: null });
    expect(regions).toEqual([]);
  });

  test('is missing when this account had it and has it no more', async () => {
    await expect(readTrailKey({ KmsKeyId: KEY }, refusing('NotFoundException'))).resolves.toEqual(
      found(KEY, 'missing'),
    );
  });

  test.each(['NotFoundException', 'AccessDeniedException'])(
    'has no known state when it is of another account and answers %s',
    async (code) => {
      const central = `arn:aws:kms:eu-west-1:${MANAGEMENT}:key/1`;
      await expect(readTrailKey({ KmsKeyId: central }, refusing(code))).resolves.toEqual(
        found(central, null),
      );
    },
  );

  test('is tried again when KMS is throttled', async () => {
    await expect(readTrailKey({ KmsKeyId: KEY }, refusing('ThrottlingException'))).rejects.toThrow(
      'ThrottlingException',
    );
  });
});

const verdict = (state: string | null) => rule.judge({ organization: false, key: KEY, state }, context);

test.each(['Disabled', 'PendingDeletion', 'missing'])('a trail whose key is %s is NON_COMPLIANT', (state) => {
  expect(verdict(state)).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: `The key of the log files is ${state}: ${KEY}.`,
  });
});

test.each(['Enabled', 'Updating', null])('a trail whose key is in state %s is COMPLIANT', (state) => {
  expect(verdict(state)).toEqual({ complianceType: 'COMPLIANT' });
});

test('without the parameter kmsKeyArn a person must set it', () => {
  const facts = { organization: false, key: null, state: null };
  const resource = { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'main' };
  expect(rule.fix?.({ ...context, resource, facts, handles: undefined })).toEqual({
    manual: expect.stringContaining('kmsKeyArn'),
  });
});
