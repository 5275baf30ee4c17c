import {
  GetAutomatedDiscoveryConfigurationCommand,
  GetMacieSessionCommand,
  ListAutomatedDiscoveryAccountsCommand,
  Macie2Client,
} from '@aws-sdk/client-macie2';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::::Account', resourceId: ACCOUNT };

const CONTEXT = {
  accountId: AccountId.parse(ACCOUNT),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
};
const ON = { status: 'ENABLED', automatedDiscovery: false, member: false, buckets: true } as const;

describe('judge', () => {
  const verdict = (facts: object, parameters: object = {}) =>
    rule.judge(rule.facts.parse({ ...ON, ...facts }), {
      parameters: rule.parameters.parse(parameters),
      ...CONTEXT,
    });

  test.for(['OFF', 'PAUSED'])('Macie that is %s is NON_COMPLIANT', (status) => {
    expect(verdict({ status })).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: `Macie is ${status} in eu-west-1.`,
    });
  });

  test('a Region without a bucket needs Macie only if the settings say so', () => {
    const facts = { status: 'OFF', buckets: false };
    expect(verdict(facts).complianceType).toBe('NOT_APPLICABLE');
    expect(verdict(facts, { onlyRegionsWithBuckets: false }).complianceType).toBe('NON_COMPLIANT');
  });

  test('that Macie is on does not say that data is classified, which the rule admits', () => {
    expect(verdict({}).complianceType).toBe('COMPLIANT');
    expect(rule.partly).toContain('classified');
  });
});

describe('observe', () => {
  const failing = (message: string, code = 'AccessDeniedException') =>
    fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(Macie2Client, GetMacieSessionCommand, () => {
          throw awsError(code, message, 403);
        }),
        on(S3Client, ListBucketsCommand, () => ({ Buckets: [] })),
      ],
    });

  test.for(['AccessDeniedException', 'ResourceNotFoundException'])(
    'an account without Macie, as %s says, has it off',
    async (code) => {
      const session = failing('Macie is not enabled', code);
      await expect(rule.observe.get(resource, { session })).resolves.toEqual({
        facts: { ...ON, status: 'OFF', buckets: false },
      });
    },
  );

  test('a member of an organization is asked for its own discovery, which a person turns on as the administrator', async () => {
    const session = fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(Macie2Client, GetMacieSessionCommand, () => ({ status: 'ENABLED' as const })),
        on(Macie2Client, GetAutomatedDiscoveryConfigurationCommand, () => {
          throw awsError('AccessDeniedException', 'The request was denied', 403);
        }),
        on(Macie2Client, ListAutomatedDiscoveryAccountsCommand, () => ({
          items: [{ accountId: ACCOUNT, status: 'DISABLED' as const }],
        })),
        on(S3Client, ListBucketsCommand, () => ({ Buckets: [{ Name: 'a' }] })),
      ],
    });
    const facts = { ...ON, member: true };
    await expect(rule.observe.get(resource, { session })).resolves.toEqual({ facts });
    const parameters = rule.parameters.parse({ requireAutomatedDiscovery: true });
    expect(rule.fix?.({ ...CONTEXT, parameters, resource, facts, handles: undefined })).toEqual({
      manual: expect.stringContaining('administrator of Macie'),
    });
  });

  test('a missing permission is an error, not a verdict', async () => {
    const message =
      'User: arn:aws:iam::111122223333:role/a is not authorized to perform: macie2:GetMacieSession';
    await expect(rule.observe.get(resource, { session: failing(message) })).rejects.toThrow(message);
  });
});
