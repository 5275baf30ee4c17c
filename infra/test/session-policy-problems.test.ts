import { loadAllRules } from '@compliance/registry';
import { expect, test } from 'vitest';

import { sessionPolicyProblems } from '../src/session-policy-problems.ts';
import { aRule } from './examples.ts';

const ruleWith = (count: number) =>
  aRule('S3_A', {
    permissions: {
      list: [],
      get: [],
      fix: Array.from({ length: count }, (_, index) => `service:AnActionWithNumber${1000 + index}`),
      undo: [],
    },
  });

test('a rule with few grants has no problem', () => {
  expect(sessionPolicyProblems([ruleWith(40)])).toEqual([]);
});

test('a rule whose session policy exceeds the limit of STS is reported with its size', () => {
  expect(sessionPolicyProblems([ruleWith(40), ruleWith(80)])).toEqual([
    expect.stringMatching(/^The session policy of S3_A is too long: \d{4} characters; STS's limit is 2048\./),
  ]);
});

test('grants for listing do not count, because a remediation lists nothing', () => {
  const { permissions, ...rule } = ruleWith(80);
  expect(
    sessionPolicyProblems([{ ...rule, permissions: { ...permissions, fix: [], list: permissions.fix } }]),
  ).toEqual([]);
});

test('no real rule has a problem', async () => {
  expect(sessionPolicyProblems(await loadAllRules())).toEqual([]);
});
