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

test('a rule of few grants is no problem', () => {
  expect(sessionPolicyProblems([ruleWith(40)])).toEqual([]);
});

test('a rule whose session policy STS would refuse is named, with its size', () => {
  expect(sessionPolicyProblems([ruleWith(40), ruleWith(80)])).toEqual([
    expect.stringMatching(/^The session policy of S3_A has \d{4} characters, and STS takes 2048\./),
  ]);
});

test('listing does not count: remediating lists nothing', () => {
  const { permissions, ...rule } = ruleWith(80);
  expect(
    sessionPolicyProblems([{ ...rule, permissions: { ...permissions, fix: [], list: permissions.fix } }]),
  ).toEqual([]);
});

test('no real rule is a problem', async () => {
  expect(sessionPolicyProblems(await loadAllRules())).toEqual([]);
});
