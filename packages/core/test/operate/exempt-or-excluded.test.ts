import { describe, expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { engineGrants } from '../../src/aws/engine-grants.ts';
import { evaluateGrants, remediateGrants, type Rule } from '../../src/rule/rule.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { parseExemptions } from '../../src/settings/exemptions.ts';
import { accountIn, parseSettings } from '../../src/settings/settings.ts';
import { AuditEvent } from '../../src/audit/audit-event.ts';
import { putEvaluations } from '../../src/config/put-evaluations.ts';
import { planByHand } from '../../src/remediate/plan-by-hand.ts';
import { createEvaluate } from '../../src/evaluate/evaluate.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { fakeSession } from '../../src/testing/fake-session.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { tableOf } from '../../src/testing/owned-table.ts';
import { sampleScheduledEvent } from '../../src/testing/sample-events.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakeConfig } from '../../src/testing/fake-config.ts';
import { NOON, openDoors } from '../open-doors.ts';

/** A bucket with another name than its id, as a security group has: only a live read knows the name. */
const namedRule: Rule = {
  ...exampleRule,
  observe: {
    list: (context) => exampleRule.observe.list(context),
    get: async (resource, context) => {
      const found = await exampleRule.observe.get(resource, context);
      return found && { ...found, identity: { resourceName: 'awsconfigconforms-shared' } };
    },
  },
};

interface Case {
  readonly exclusions?: readonly string[];
  readonly exemption?: object;
  readonly tags?: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly rule?: Rule;
}

const answerable = { id: 'EX-1', reason: 'r', owner: 'o', approver: 'a', ticket: 't', expires: '2027-01-01' };
const exempt = 'Exempt by EX-1 until 2027-01-01.';
const belongs = (pattern: string) =>
  `The resource belongs to AWS or the landing zone (its name matches ${pattern}).`;

const managedAsCode: Case = {
  tags: { 'managed-by': 'terraform' },
  reason:
    'The resource is managed as code (tag managed-by=terraform). Change it there, or set infrastructureAsCode.enforce.',
};
const CASES: readonly (readonly [string, Case])[] = [
  ['excluded by a built-in name', { rule: namedRule, reason: belongs('awsconfigconforms*') }],
  ['excluded by its ARN', { exclusions: ['arn:aws:s3:::lo*'], reason: belongs('arn:aws:s3:::lo*') }],
  ['exempt by its name', { rule: namedRule, exemption: { resources: ['awsconfig*'] }, reason: exempt }],
  ['exempt by its ARN', { exemption: { resources: ['arn:aws:s3:::logs'] }, reason: exempt }],
  ['exempt by a tag', { exemption: { tags: { public: 'yes' } }, tags: { public: 'yes' }, reason: exempt }],
];

/** The doors of the functions, the evaluate function and a person's own plan, over one bucket that violates. */
const start = (mode: string, { exclusions = [], exemption, tags = {}, rule = exampleRule }: Case) => {
  // The case begins only after the plan was made and approved.
  const state = { began: false };
  const loadExemptions = async () =>
    parseExemptions({ exemptions: state.began && exemption ? [{ ...answerable, ...exemption }] : [] });
  const loadRule = async (): Promise<Rule> => (state.began ? rule : exampleRule);
  const doors = openDoors({ mode, rule, dependencies: { loadExemptions, loadRule } });
  const config = fakeConfig();
  const session = fakeSession({
    allow: [...engineGrants.evaluate, ...evaluateGrants(rule), ...remediateGrants(rule)],
    answers: [...config.answers, ...doors.s3.answers],
  });
  const settings = () =>
    parseSettings(settingsWith({ defaults: { mode }, exclusions: state.began ? exclusions : [] }));
  const events: AuditEvent[] = [];

  const begin = () => {
    state.began = true;
    doors.state.settings = { exclusions };
    doors.s3.tags.set('logs', tags);
  };
  const evaluate = async () => {
    await createEvaluate({
      loadRule,
      loadSettings: async () => settings(),
      loadExemptions,
      openSession: async () => session,
      put: putEvaluations,
      publish: async (batch) => void events.push(...batch.map((event) => AuditEvent.parse(event))),
      contacts: createAccountContacts(),
      redeliver: async () => {},
      recover: async () => {},
      table: tableOf('rule', doors.table),
      now: () => NOON,
    })(sampleScheduledEvent());
    return events;
  };
  const byHand = () => {
    const accountId = AccountId.parse('111122223333');
    const place = { accountId, region: 'eu-west-1', partition: 'aws' };
    return planByHand({
      target: { resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' } },
      rule,
      account: accountIn(settings(), accountId),
      judgeContext: { ...place, parameters: { suspendedIsFine: false }, now: NOON },
      session,
      appliedSettings: settings(),
      loadExemptions,
    });
  };
  return { ...doors, begin, evaluate, byHand };
};

describe.each(CASES)('a violating resource that is %s', (_, given) => {
  const { reason, exemption } = given;

  test('the evaluate function says so, and publishes a withheld plan at most', async () => {
    const { begin, evaluate } = start('approve', given);
    begin();
    const events = await evaluate();
    const plans = events.filter(({ type }) => type === 'plan-created');
    const swept = events.filter(({ type }) => type === 'sweep-completed');
    expect(plans).toMatchObject(exemption ? [] : [{ withheld: reason }]);
    expect(swept).toMatchObject([{ counts: { failed: 0, ...(exemption ? { exempt: 1 } : {}) } }]);
  });

  test('an approval is refused', async () => {
    const { begin, plan, ask } = start('approve', given);
    const planId = await plan();
    begin();
    await expect(ask('approve', planId)).resolves.toEqual({ status: 'refused', reason });
  });

  test('an approved plan is not applied', async () => {
    const { begin, approve, ask, writes } = start('approve', given);
    const planId = await approve();
    begin();
    await expect(ask('apply', planId)).resolves.toMatchObject({
      status: exemption ? 'skipped' : 'planned',
      reason,
    });
    expect(writes()).toEqual([]);
  });

  test.each(['plan', 'auto'])('a retry of AWS Config in mode %s does not fix it', async (mode) => {
    const { begin, remediate, writes } = start(mode, given);
    begin();
    const answer = await remediate(samplePayload());
    expect(answer).toMatchObject(
      exemption
        ? { status: 'skipped', reason }
        : { status: 'planned', reason: `Not applied: ${reason} Planned: Turn versioning on for logs` },
    );
    expect(writes()).toEqual([]);
  });

  test('a retry of AWS Config does not apply a plan that was approved before', async () => {
    const { begin, approve, remediate, writes } = start('approve', given);
    await approve();
    begin();
    await expect(remediate(samplePayload())).resolves.toMatchObject({
      status: exemption ? 'skipped' : 'planned',
      reason: expect.stringContaining(reason) as string,
    });
    expect(writes()).toEqual([]);
  });

  test('a run by hand says so', async () => {
    const { begin, byHand } = start('approve', given);
    begin();
    await expect(byHand()).resolves.toMatchObject(exemption ? { nothing: reason } : { withheld: reason });
  });
});

describe('a violating resource that code manages, by its tag', () => {
  test('the evaluate function, a retry of AWS Config and a run by hand give the same reason', async () => {
    const { reason } = managedAsCode;
    const { begin, evaluate, byHand } = start('approve', managedAsCode);
    begin();
    const planned = (await evaluate()).filter(({ type }) => type === 'plan-created');
    expect(planned).toMatchObject([{ withheld: reason }]);
    await expect(byHand()).resolves.toMatchObject({ withheld: reason });

    const automatic = start('auto', managedAsCode);
    automatic.begin();
    await expect(automatic.remediate(samplePayload())).resolves.toMatchObject({
      status: 'planned',
      reason: `Not applied: ${reason} Planned: Turn versioning on for logs`,
    });
    expect(automatic.writes()).toEqual([]);
  });

  test('an approval is accepted and applied, because a person decided on this very plan', async () => {
    const { begin, plan, ask } = start('approve', managedAsCode);
    begin();
    const planId = await plan();
    await expect(ask('approve', planId)).resolves.toMatchObject({ status: 'approved' });
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed' });
  });
});
