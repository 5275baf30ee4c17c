import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  type DescribeConfigRulesCommandInput,
  StartConfigRulesEvaluationCommand,
  type StartConfigRulesEvaluationCommandInput,
} from '@aws-sdk/client-config-service';
import { expect, test } from 'vitest';

import type { Rule } from '../../src/rule/rule.ts';
import { requestReevaluation } from '../../src/config/request-reevaluation.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';

const now = new Date('2026-11-20T12:00:30Z');
const scheduled: Rule = { ...exampleRule, triggers: ['schedule'] };
const NAMES = ['other-rule', 'example-keep-versions-conformance-pack-q7m2kd9xz', 'example-keep-versions-too'];

const deployed = (ConfigRuleName: string) => ({
  ConfigRuleName,
  Source: { Owner: 'CUSTOM_LAMBDA' as const },
});

const configOf = (failure?: Error) => {
  const started: unknown[] = [];
  const session = fakeSession({
    allow: ['config:DescribeConfigRules', 'config:StartConfigRulesEvaluation'],
    answers: [
      on(ConfigServiceClient, DescribeConfigRulesCommand, ({ NextToken }: DescribeConfigRulesCommandInput) =>
        NextToken === undefined
          ? {
              ConfigRules: NAMES.slice(0, 1).map(deployed),
              NextToken: 'more',
            }
          : { ConfigRules: NAMES.slice(1).map(deployed) },
      ),
      on(
        ConfigServiceClient,
        StartConfigRulesEvaluationCommand,
        ({ ConfigRuleNames }: StartConfigRulesEvaluationCommandInput) => {
          if (failure) throw failure;
          started.push(ConfigRuleNames);
          return {};
        },
      ),
    ],
  });
  return { session, started };
};

test('a scheduled rule is evaluated again, found by its name in the pack', async () => {
  const { session, started } = configOf();
  await requestReevaluation(scheduled, session, memoryTable(), now);
  expect(started).toEqual([[NAMES[1]]]);
});

test('a rule that reads items is not evaluated again, because AWS Config would use the item from before the fix', async () => {
  const { session } = configOf();
  await requestReevaluation(exampleRule, session, memoryTable(), now);
  expect(session.sent).toEqual([]);
});

test('a re-evaluation is requested once per rule, account, Region and minute', async () => {
  const { session, started } = configOf();
  const table = memoryTable();
  // A minute is sixty seconds, not a minute of the clock: at 12:01:29 it is still the same.
  for (const second of [0, 29, 59])
    await requestReevaluation(scheduled, session, table, new Date(now.getTime() + second * 1000));
  expect(started).toHaveLength(1);
  await requestReevaluation(scheduled, session, table, new Date(now.getTime() + 60_000));
  await requestReevaluation(scheduled, session.at('us-east-1'), table, now);
  expect(started).toHaveLength(3);
});

test.each(['LimitExceededException', 'ResourceInUseException'])(
  'a re-evaluation that was requested already is not a failure: %s',
  async (name) => {
    await expect(
      requestReevaluation(scheduled, configOf(awsError(name)).session, memoryTable(), now),
    ).resolves.toBeUndefined();
  },
);

test('a denied re-evaluation is a failure', async () => {
  const { session } = configOf(awsError('AccessDeniedException'));
  await expect(requestReevaluation(scheduled, session, memoryTable(), now)).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});
