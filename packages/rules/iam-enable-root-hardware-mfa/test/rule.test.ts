import {
  GetAccountSummaryCommand,
  IAMClient,
  ListVirtualMFADevicesCommand,
  type ListVirtualMFADevicesCommandInput,
  type VirtualMFADevice,
} from '@aws-sdk/client-iam';
import { AccountId } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

/** A fake account whose root has MFA, with the assigned virtual devices on pages of one. */
const accountWith = (devices: readonly VirtualMFADevice[]) =>
  fakeSession({
    allow: rule.permissions.get,
    answers: [
      on(IAMClient, GetAccountSummaryCommand, () => ({
        SummaryMap: { AccountPasswordPresent: 1, AccountAccessKeysPresent: 0, AccountMFAEnabled: 1 },
      })),
      on(IAMClient, ListVirtualMFADevicesCommand, ({ Marker = '0' }: ListVirtualMFADevicesCommandInput) => {
        const next = Number(Marker) + 1;
        const more = next < devices.length;
        return {
          VirtualMFADevices: devices.slice(next - 1, next),
          IsTruncated: more,
          ...(more && { Marker: String(next) }),
        };
      }),
    ],
  });

const device = (name: string, owner: string | undefined): VirtualMFADevice => ({
  SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/${name}`,
  User:
    owner === undefined
      ? undefined
      : { Arn: owner, Path: '/', UserName: '', UserId: '', CreateDate: undefined },
});

const devicesIn = async (session: ReturnType<typeof accountWith>) =>
  (await rule.observe.get({ resourceType: 'AWS::::Account', resourceId: ACCOUNT }, { session }))?.facts
    .virtualDevices;

test('only the exact ARN of root makes a device one of root, whatever the name of the device', async () => {
  const devices = [
    device('a', `arn:aws:iam::${ACCOUNT}:user/chroot`),
    device('b', `arn:aws:iam::${ACCOUNT}:user/root-admin`),
    device('root-account-mfa-device', undefined),
    device('any-name', ROOT),
  ];
  await expect(devicesIn(accountWith(devices))).resolves.toEqual(['any-name']);
});

const verdict = (virtualDevices: string[], partition = 'aws') =>
  rule.judge(
    { hasPassword: true, hasMfa: true, virtualDevices },
    {
      parameters: {},
      accountId: AccountId.parse(ACCOUNT),
      region: 'eu-west-1',
      partition,
      now: new Date('2026-11-20T12:00:00Z'),
    },
  );

test('passkeys and security keys are in no list of virtual devices and pass alike', () => {
  expect(verdict([])).toEqual({ complianceType: 'COMPLIANT' });
});

test('the violation names one virtual device and counts the others', () => {
  expect(verdict(['phone', 'tablet', 'old'])).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: 'The root user has the virtual MFA device phone and 2 more.',
  });
});

test.for(['aws-cn', 'aws-us-gov'])(
  'root cannot have MFA in %s, so the rule concerns no account there',
  (partition) => {
    expect(verdict(['phone'], partition).complianceType).toBe('NOT_APPLICABLE');
  },
);
