import { GetEnabledStandardsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::::Account', resourceId: ACCOUNT };
const CIS_1 = 'cis-aws-foundations-benchmark/v/1.2.0';
const CIS_5 = 'cis-aws-foundations-benchmark/v/5.0.0';

const contextWith = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(ACCOUNT),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const hubWith = (status: string) => ({ enabled: true, standards: [{ name: CIS_5, status }] });
const OFF = { enabled: false, standards: [] };

describe('judge', () => {
  test.for(['PENDING', 'INCOMPLETE', 'FAILED', 'DELETING'])(
    'a required standard that is %s does not count',
    (status) => {
      expect(rule.judge(hubWith(status), contextWith({ requireStandards: [CIS_5] }))).toEqual({
        complianceType: 'NON_COMPLIANT',
        annotation: `Standards of Security Hub are not READY: ${CIS_5} is ${status}.`,
      });
      expect(rule.judge(hubWith(status), contextWith({})).complianceType).toBe('COMPLIANT');
    },
  );

  test('an excluded Region is NOT_APPLICABLE, even without Security Hub', () => {
    expect(rule.judge(OFF, contextWith({ excludedRegions: ['eu-west-1'] })).complianceType).toBe(
      'NOT_APPLICABLE',
    );
  });
});

describe('fix', () => {
  const fixOf = (facts: Parameters<typeof rule.judge>[0], parameters: object) =>
    rule.fix?.({ ...contextWith(parameters), resource, facts, handles: undefined });

  test('a required standard that is there but not READY is left to a person', () => {
    expect(fixOf(hubWith('INCOMPLETE'), { requireStandards: [CIS_5] })).toEqual({
      manual: expect.stringContaining('INCOMPLETE'),
    });
  });

  test('a fix enables no standard that comes with the defaults, and the oldest one by its own kind of ARN', () => {
    const requireStandards = [CIS_1];
    expect(fixOf(OFF, { requireStandards, enableDefaultStandards: true })).toMatchObject({
      steps: [{ input: { EnableDefaultStandards: true } }],
    });
    expect(fixOf(OFF, { requireStandards })).toMatchObject({
      steps: [
        { input: { EnableDefaultStandards: false } },
        {
          input: {
            StandardsSubscriptionRequests: [{ StandardsArn: `arn:aws:securityhub:::ruleset/${CIS_1}` }],
          },
        },
      ],
    });
  });
});

describe('observe', () => {
  const failing = (name: string, message: string) =>
    fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(SecurityHubClient, GetEnabledStandardsCommand, () => {
          throw awsError(name, message, 401);
        }),
      ],
    });

  test('an account that is not subscribed has Security Hub off', async () => {
    const session = failing(
      'InvalidAccessException',
      `Account ${ACCOUNT} is not subscribed to AWS Security Hub`,
    );
    await expect(rule.observe.get(resource, { session })).resolves.toEqual({ facts: OFF });
  });

  test.for([
    ['AccessDeniedException', 'User is not authorized to perform: securityhub:GetEnabledStandards'],
    ['InvalidAccessException', 'The account does not have permission to perform this action'],
  ] as const)('%s (%s) is an error, not a verdict', async ([name, message]) => {
    await expect(rule.observe.get(resource, { session: failing(name, message) })).rejects.toThrow(message);
  });
});
