import { configRuleName } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import {
  COMPLIANCE_CHANGE,
  busPolicy,
  changesLogPolicy,
  forwardedChanges,
  forwardingRole,
} from '../src/monitoring/change-forwarding.ts';
import { MEMBER, aRule, someSettings } from './examples.ts';

const prefixes = (patterns: ReturnType<typeof forwardedChanges>) =>
  patterns.flatMap(({ detail }) => detail.configRuleName.map(({ prefix }) => prefix));

describe('what is forwarded', () => {
  test('the compliance changes of enabled rules are forwarded, whatever suffix AWS Config adds', () => {
    expect(forwardedChanges([aRule('S3_B'), aRule('S3_A')], someSettings())).toEqual([
      {
        source: ['aws.config'],
        'detail-type': ['Config Rules Compliance Change'],
        detail: {
          configRuleName: [{ prefix: 's3-a-conformance-pack-' }, { prefix: 's3-b-conformance-pack-' }],
        },
      },
    ]);
  });
  test('the changes of a rule that is off everywhere are not forwarded', () => {
    const settings = someSettings({ rules: { S3_B: { mode: 'off' } } });
    expect(prefixes(forwardedChanges([aRule('S3_A'), aRule('S3_B')], settings))).toEqual([
      's3-a-conformance-pack-',
    ]);
    expect(forwardedChanges([aRule('S3_B')], settings)).toEqual([]);
  });
  test('every forwarded change matches the rule of the bus', () => {
    expect(forwardedChanges([aRule('S3_A')], someSettings())[0]).toMatchObject(COMPLIANCE_CHANGE);
  });
  test('200 rules are split into patterns within the limit of EventBridge', () => {
    const rules = Array.from({ length: 200 }, (_, index) => aRule(`S3_A_LONG_NAME_OF_A_RULE_${index}`));
    const patterns = forwardedChanges(rules, someSettings());
    expect(patterns.length).toBeGreaterThan(2);
    for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
    expect(new Set(prefixes(patterns))).toEqual(
      new Set(rules.map(({ command }) => `${configRuleName(command)}-conformance-pack-`)),
    );
  });
});

test('the forwarding role trusts one rule and may put events on one bus', () => {
  const { organization } = someSettings();
  expect(forwardingRole({ partition: 'aws', accountId: MEMBER }, organization)).toEqual({
    name: 'compliance-forward-changes',
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '111122223333' },
            ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:111122223333:rule/compliance-changes*' },
          },
        },
      ],
    },
    policies: [
      {
        name: 'compliance-forward-changes',
        document: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['events:PutEvents'],
              Resource: ['arn:aws:events:eu-west-1:999988887777:event-bus/compliance'],
            },
          ],
        },
      },
    ],
  });
});

const CHANGES_ONLY = {
  StringEquals: { 'events:detail-type': ['Config Rules Compliance Change'] },
  'ForAllValues:StringEquals': { 'events:source': ['aws.config'] },
};

test('the bus admits compliance changes of AWS Config only, from the organization', () => {
  const { organization, accounts } = someSettings();
  const [statement] = busPolicy({ organization, accounts }, 'aws').Statement;
  expect(statement).toMatchObject({
    Principal: '*',
    Condition: {
      ...CHANGES_ONLY,
      StringEquals: { ...CHANGES_ONLY.StringEquals, 'aws:PrincipalOrgID': organization.id },
    },
  });
});

test('the bus admits compliance changes of AWS Config only, from the accounts where there is no organization', () => {
  const { organization, accounts } = someSettings();
  const { id: _, ...without } = organization;
  const [statement] = busPolicy({ organization: without, accounts }, 'aws').Statement;
  expect(statement?.Principal).not.toBe('*');
  expect(statement?.Condition).toEqual(CHANGES_ONLY);
});

test('EventBridge may write the log for rules of the master account only', () => {
  const { organization } = someSettings();
  expect(changesLogPolicy(organization, 'aws').Statement[0]?.Condition).toEqual({
    StringEquals: { 'aws:SourceAccount': organization.masterAccountId },
  });
});
