import { GetMacieSessionCommand, Macie2Client } from '@aws-sdk/client-macie2';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::::Account', resourceId: ACCOUNT };

describe('judge', () => {
  const verdict = (facts: object, parameters: object = {}) =>
    rule.judge(rule.facts.parse({ status: 'ENABLED', automatedDiscovery: false, buckets: true, ...facts }), {
      parameters: rule.parameters.parse(parameters),
      accountId: AccountId.parse(ACCOUNT),
      region: 'eu-west-1',
      partition: 'aws',
      now: new Date('2026-11-20T12:00:00Z'),
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
  const failing = (message: string) =>
    fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(Macie2Client, GetMacieSessionCommand, () => {
          throw awsError('AccessDeniedException', message, 403);
        }),
        on(S3Client, ListBucketsCommand, () => ({ Buckets: [] })),
      ],
    });

  test('an account in which Macie is not enabled has it off', async () => {
    await expect(rule.observe.get(resource, { session: failing('Macie is not enabled') })).resolves.toEqual({
      facts: { status: 'OFF', automatedDiscovery: false, buckets: false },
    });
  });

  test('a missing permission is an error, not a verdict', async () => {
    const message =
      'User: arn:aws:iam::111122223333:role/a is not authorized to perform: macie2:GetMacieSession';
    await expect(rule.observe.get(resource, { session: failing(message) })).rejects.toThrow(message);
  });
});
