import { AccessAnalyzerClient, ListAnalyzersCommand } from '@aws-sdk/client-accessanalyzer';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { Analyzer } from '../src/analyzers.ts';
import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::::Account', resourceId: ACCOUNT };
const contextWith = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(ACCOUNT),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});

const analyzer = (status: string, type: Analyzer['type'] = 'ACCOUNT'): Analyzer => ({
  name: 'a',
  type,
  status,
});

describe('judge', () => {
  const verdict = (analyzers: Analyzer[], parameters: object = {}) =>
    rule.judge({ analyzers }, contextWith(parameters));

  test.for(['CREATING', 'DISABLED', 'FAILED'])('an analyzer that is %s does not count', (status) => {
    expect(verdict([analyzer(status)])).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: `The analyzer a in eu-west-1 is ${status}, not ACTIVE.`,
    });
  });

  test('one active analyzer among others is enough', () => {
    expect(verdict([analyzer('FAILED', 'ORGANIZATION'), analyzer('ACTIVE')]).complianceType).toBe(
      'COMPLIANT',
    );
  });

  test("the organization's analyzer counts where the settings do not forbid it", () => {
    const analyzers = [analyzer('ACTIVE', 'ORGANIZATION')];
    expect(verdict(analyzers).complianceType).toBe('COMPLIANT');
    expect(verdict(analyzers, { acceptOrganizationAnalyzer: false })).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'There is no analyzer of external access in eu-west-1.',
    });
  });

  test("a member, which does not see the organization's analyzer, needs its own", () => {
    expect(verdict([]).complianceType).toBe('NON_COMPLIANT');
  });
});

describe('fix', () => {
  const fixOf = (analyzers: Analyzer[]) =>
    rule.fix?.({
      ...contextWith({}),
      resource,
      facts: { analyzers },
      handles: { nameIsTaken: false },
    });

  test('an analyzer of the account that is not active is for a person: AWS allows no second one', () => {
    expect(fixOf([analyzer('FAILED')])).toEqual({ manual: expect.stringContaining('is FAILED') });
  });

  test('the fix creates the free type, beside an organization analyzer that failed', () => {
    expect(fixOf([analyzer('FAILED', 'ORGANIZATION')])).toMatchObject({
      steps: [{ input: { type: 'ACCOUNT' } }],
      effectiveAfter: { seconds: 60 },
    });
  });
});

test('a Region whose call fails has no verdict', async () => {
  const session = fakeSession({
    allow: rule.permissions.list,
    answers: [
      on(AccessAnalyzerClient, ListAnalyzersCommand, () => {
        throw awsError('AccessDeniedException', 'no', 403);
      }),
    ],
  });
  await expect(Array.fromAsync(rule.observe.list({ session }))).rejects.toThrow('no');
});
