import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  KeyManagerType,
  KeySpec,
  KeyState,
  KMSClient,
  OriginType,
} from '@aws-sdk/client-kms';
import { AccountId, parseConfigurationItem } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { Facts } from '../src/facts.ts';
import { rule } from '../src/rule.ts';

const resource = { resourceType: 'AWS::KMS::Key', resourceId: 'k-1' };
const CUSTOMER: Facts = {
  manager: 'CUSTOMER',
  state: 'Enabled',
  spec: 'SYMMETRIC_DEFAULT',
  origin: 'AWS_KMS',
  primaryRegion: null,
  periodInDays: null,
};

describe('judge', () => {
  const verdict = (facts: Partial<Facts>, parameters: object = {}) =>
    rule.judge(
      { ...CUSTOMER, ...facts },
      {
        parameters: rule.parameters.parse(parameters),
        accountId: AccountId.parse('111122223333'),
        region: 'eu-west-1',
        partition: 'aws',
        now: new Date('2026-11-20T12:00:00Z'),
      },
    );

  test.for([
    { manager: 'AWS' },
    ...[
      'PendingDeletion',
      'PendingReplicaDeletion',
      'PendingImport',
      'Disabled',
      'Creating',
      'Unavailable',
    ].map((state) => ({ state })),
    ...['RSA_2048', 'ECC_NIST_P256', 'HMAC_256'].map((spec) => ({ spec })),
    ...['EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'].map((origin) => ({ origin })),
  ])('a key with %j is NOT_APPLICABLE', (facts) => {
    expect(verdict(facts).complianceType).toBe('NOT_APPLICABLE');
  });

  test('any period is enough unless the settings limit it', () => {
    expect(verdict({ periodInDays: 2560 })).toEqual({ complianceType: 'COMPLIANT' });
    expect(verdict({ periodInDays: 365 }, { maxRotationPeriodInDays: 364 })).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'The key rotates every 365 days, not within 364.',
    });
    expect(verdict({})).toMatchObject({ annotation: 'Automatic rotation is off.' });
  });
});

describe('observe.item', () => {
  const configuration = {
    keyManager: 'CUSTOMER',
    keyState: 'Enabled',
    keySpec: 'SYMMETRIC_DEFAULT',
    origin: 'AWS_KMS',
    multiRegion: false,
  };
  const observed = (KeyRotationStatus: unknown, changed: object = {}, configurationItemStatus = 'OK') =>
    rule.observe.item?.(
      parseConfigurationItem({
        awsAccountId: '111122223333',
        awsRegion: 'eu-west-1',
        ...resource,
        configurationItemStatus,
        configurationItemCaptureTime: '2026-11-20T10:00:00Z',
        configuration: { ...configuration, ...changed },
        supplementaryConfiguration: { KeyRotationStatus },
      }),
    )?.facts;

  test.for([false, 'false'])('a key whose rotation is %j does not rotate', (status) => {
    expect(observed(status)).toEqual(CUSTOMER);
  });

  test.for([true, 'true', undefined])('a key whose rotation is %j is read for its period', (status) => {
    expect(observed(status)).toBeUndefined();
  });

  test('the first item of a key may be older than its rotation, so the key is read', () => {
    expect(observed(false, {}, 'ResourceDiscovered')).toBeUndefined();
  });

  test('an older item without the spec of the key decides nothing', () => {
    const older = { keySpec: undefined, customerMasterKeySpec: 'SYMMETRIC_DEFAULT' };
    expect(observed(false, older)).toBeUndefined();
  });

  test('the item of a key that cannot rotate is enough', () => {
    expect(observed(undefined, { keyManager: 'AWS' })).toEqual({ ...CUSTOMER, manager: 'AWS' });
  });
});

describe('observe.get', () => {
  const described = on(KMSClient, DescribeKeyCommand, () => ({
    KeyMetadata: {
      KeyId: 'k-1',
      KeyManager: KeyManagerType.CUSTOMER,
      KeyState: KeyState.Enabled,
      KeySpec: KeySpec.SYMMETRIC_DEFAULT,
      Origin: OriginType.AWS_KMS,
    },
  }));
  const failing = (name: string) =>
    fakeSession({
      allow: rule.permissions.get,
      answers: [
        described,
        on(KMSClient, GetKeyRotationStatusCommand, () => {
          throw awsError(name);
        }),
      ],
    });

  test('a key whose policy denies the look is an error of that key, not a verdict', async () => {
    await expect(rule.observe.get(resource, { session: failing('AccessDeniedException') })).rejects.toThrow(
      'AccessDeniedException',
    );
  });

  test('a key that vanished is gone', async () => {
    await expect(
      rule.observe.get(resource, { session: failing('NotFoundException') }),
    ).resolves.toBeUndefined();
  });

  test('a key of AWS costs one call', async () => {
    const session = fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(KMSClient, DescribeKeyCommand, () => ({
          KeyMetadata: { KeyId: 'k-1', KeyManager: KeyManagerType.AWS },
        })),
      ],
    });
    await rule.observe.get(resource, { session });
    expect(session.sent.map(({ operation }) => operation)).toEqual(['DescribeKey']);
  });
});
