import { exampleRule } from '@compliance/core/testing';
import { loadRule } from '@compliance/registry';
import { expect, test } from 'vitest';

import { describeRule, ruleDetails } from '../src/commands/rules/render.ts';

test('rules show prints the account that a rule concerns and the parameters that its fix needs', () => {
  const rule = { ...exampleRule, only: 'management-account', needs: ['topicArn', 'keyArn'] } as const;
  expect(ruleDetails(rule)).toMatchObject({ only: 'management-account', needs: ['topicArn', 'keyArn'] });
  expect(describeRule(ruleDetails(rule))).toMatch(
    /^ {2}Account +the management account only\n[^]*^ {2}Fix needs +topicArn, keyArn$/m,
  );
});

test('rules show prints neither for a rule of every account whose fix needs nothing', () => {
  expect(describeRule(ruleDetails(exampleRule))).not.toMatch(/Account|Fix needs/);
});

test.each([
  ['CLOUDTRAIL_ENABLE_MULTI_REGION', ['s3BucketName']],
  ['VPC_ENABLE_FLOW_LOGS', ['logDestination', 'deliverLogsPermissionArn']],
])('the fix of %s needs %j', async (command, needs) => {
  expect(ruleDetails(await loadRule(command)).needs).toEqual(needs);
});

test('rules show prints the parameters as a table with type, default and meaning', async () => {
  const text = describeRule(ruleDetails(await loadRule('VPC_ENABLE_FLOW_LOGS')));
  const [, table = ''] = /^Parameters\n([^]*?)\n\n/m.exec(text) ?? [];
  const [head, ...rows] = table.split('\n');
  expect(head).toMatch(/^ {2}Name +Type +Default +Meaning$/);
  expect(rows.find((row) => row.includes('trafficType'))).toMatch(
    /^ {2}trafficType +"REJECT" \| "ALL" \| "ANY" +"REJECT" +The traffic that must be captured\./,
  );
  expect(rows.find((row) => row.includes('maxAggregationInterval'))).toMatch(/ 60 \| 600 +600 +The seconds/);
});
