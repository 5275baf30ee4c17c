import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  StartConfigRulesEvaluationCommand,
} from '@aws-sdk/client-config-service';
import { expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { createSession } from '../../src/aws/create-session.ts';
import { engineGrants } from '../../src/aws/engine-grants.ts';
import { grantAction } from '../../src/aws/grant.ts';
import { evaluateGrants, remediateGrants, type Rule } from '../../src/rule/rule.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { parseExemptions } from '../../src/settings/exemptions.ts';
import { parseSettings, type Mode } from '../../src/settings/settings.ts';
import { putEvaluations } from '../../src/config/put-evaluations.ts';
import { createRemediate } from '../../src/remediate/remediate.ts';
import { createEvaluate } from '../../src/evaluate/evaluate.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import {
  sampleApiItem,
  sampleChangeEvent,
  sampleOversizedEvent,
  sampleScheduledEvent,
} from '../../src/testing/sample-events.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { fakeConfig } from '../../src/testing/fake-config.ts';
import { fakeContact } from '../fake-contact.ts';
import { fakeEventHistory } from '../fake-event-history.ts';
import { fakeExecutions } from '../fake-executions.ts';

/** An exemption by tag, so that the engine must read the tags of what it judges. */
const byTag = {
  id: 'EX-1',
  reason: 'r',
  owner: 'o',
  approver: 'a',
  ticket: 't',
  expires: '2027-01-01',
  tags: { public: 'yes' },
};

/** The dependencies of both functions, and the IAM actions they used that the rule does not declare. */
const recording = (rule: Rule, answers: readonly FakeAnswer[], declared: readonly unknown[], mode: Mode) => {
  const used = new Set<string>();
  const session = createSession({
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    onAction: (action) => void used.add(action),
    intercept: async (operation, input, region) =>
      answers.find((candidate) => candidate.operation === operation)?.answer(input, region),
  });
  const dependencies = {
    loadRule: async () => rule,
    loadSettings: async () =>
      parseSettings(
        settingsWith({
          defaults: { mode },
          accounts: [{ id: '111122223333', name: 'prod' }],
          limits: { flaps: { times: 1 } },
        }),
      ),
    loadExemptions: async () => parseExemptions({ exemptions: [byTag] }),
    openSession: async () => session,
    isStopped: async () => false,
    publish: async () => {},
    redeliver: async () => {},
    recover: async () => {},
    put: putEvaluations,
    contacts: createAccountContacts(),
    table: memoryTable(),
    now: () => new Date('2026-11-20T12:05:00Z'),
  };
  return { dependencies, engine: () => [...used].filter((action) => !declared.includes(action)).toSorted() };
};

test('the engine’s grants for evaluating are exactly what it calls', async () => {
  const config = fakeConfig();
  const { answers } = fakeBuckets({ 'demo-logs': 'Off' });
  const all = [...config.answers, ...answers, fakeContact()];
  const { dependencies, engine } = recording(exampleRule, all, evaluateGrants(exampleRule), 'plan');
  const evaluate = createEvaluate(dependencies);
  config.history.push(sampleApiItem());
  for (const event of [sampleScheduledEvent(), sampleChangeEvent(), sampleOversizedEvent()])
    await evaluate(event);
  expect(engine()).toEqual(engineGrants.evaluate.toSorted());
});

test('the engine’s grants for remediating are exactly what it calls', async () => {
  const rule: Rule = { ...exampleRule, triggers: ['schedule'] };
  const executions = fakeExecutions();
  const { answers, versioning } = fakeBuckets({ logs: 'Off' });
  const config = [
    on(ConfigServiceClient, DescribeConfigRulesCommand, () => ({
      ConfigRules: [
        {
          ConfigRuleName: 'example-keep-versions-conformance-pack-q7m2kd9xz',
          Source: { Owner: 'CUSTOM_LAMBDA' as const },
        },
      ],
    })),
    on(ConfigServiceClient, StartConfigRulesEvaluationCommand, () => ({})),
  ];
  const { dependencies, engine } = recording(
    rule,
    [...config, ...answers, fakeContact(), fakeEventHistory([]), ...executions.answers],
    remediateGrants(rule),
    'auto',
  );
  const invoke = createRemediate(dependencies);
  const remediate = (payload: unknown) => {
    executions.start(payload);
    return invoke(payload);
  };
  await expect(remediate(samplePayload())).resolves.toMatchObject({ status: 'fixed' });
  // Something reverts the fix: CloudTrail is read to find out who.
  versioning.set('logs', 'Off');
  const again = samplePayload({ executionId: 'execution-2' });
  await expect(remediate(again)).resolves.toMatchObject({ status: 'planned' });
  expect(engine()).toEqual(engineGrants.remediate.map(grantAction).toSorted());
});
