import {
  GetComplianceDetailsByConfigRuleCommand,
  ConfigServiceClient,
  PutEvaluationsCommand,
} from '@aws-sdk/client-config-service';
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { GetBucketVersioningCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test, vi } from 'vitest';

import { permanent, transient } from '../../src/base/errors.ts';
import { engineGrants } from '../../src/aws/engine-grants.ts';
import { evaluateGrants, type Rule } from '../../src/rule/rule.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { parseExemptions } from '../../src/settings/exemptions.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { AuditEvent } from '../../src/audit/audit-event.ts';
import { listPlans } from '../../src/state/plans.ts';
import { putEvaluations } from '../../src/config/put-evaluations.ts';
import { createEvaluate } from '../../src/evaluate/evaluate.ts';
import type { EvaluateDependencies } from '../../src/evaluate/evaluation-context.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { tableOf } from '../../src/testing/owned-table.ts';
import {
  sampleApiItem,
  sampleChangeEvent,
  sampleDeletedEvent,
  sampleOversizedEvent,
  sampleScheduledEvent,
} from '../../src/testing/sample-events.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { fakeConfig } from '../../src/testing/fake-config.ts';
import { fakeContact } from '../fake-contact.ts';

interface SetUp {
  readonly buckets?: Parameters<typeof fakeBuckets>[0];
  readonly settings?: object;
  readonly exemptions?: readonly object[];
  /** Answers that precede those of the fakes. */
  readonly answers?: readonly FakeAnswer[];
  readonly rule?: Rule;
  readonly dependencies?: Partial<EvaluateDependencies>;
}

const setUp = ({ buckets = { 'demo-logs': 'Off' }, settings = {}, exemptions = [], ...over }: SetUp = {}) => {
  const s3 = fakeBuckets(buckets);
  const config = fakeConfig();
  const rule = over.rule ?? exampleRule;
  const session = fakeSession({
    allow: [...engineGrants.evaluate, ...evaluateGrants(rule)],
    answers: [...(over.answers ?? []), ...config.answers, ...s3.answers],
  });
  const opened: unknown[] = [];
  const events: AuditEvent[] = [];
  const table = memoryTable();
  const evaluate = createEvaluate({
    loadRule: async (command) => {
      if (command !== rule.command) throw permanent('unknown-command', `Unknown rule ${command}.`);
      return rule;
    },
    loadSettings: async () => parseSettings(settingsWith(settings)),
    loadExemptions: async () =>
      parseExemptions({
        exemptions: exemptions.map((one, index) => ({ ...answerable, id: `EX-${index}`, ...one })),
      }),
    openSession: async (target) => {
      opened.push(target);
      return session;
    },
    put: putEvaluations,
    publish: async (published) => void events.push(...published.map((event) => AuditEvent.parse(event))),
    contacts: createAccountContacts(),
    redeliver: async () => {},
    recover: async () => {},
    table: tableOf('rule', table),
    now: () => new Date('2026-11-20T12:05:00Z'),
    ...over.dependencies,
  });
  return { evaluate, events, opened, session, table, s3, config };
};

const answerable = { reason: 'r', owner: 'o', approver: 'a', ticket: 't', expires: '2027-01-01' };
const typesOf = (events: readonly AuditEvent[]) => events.map(({ type }) => type);
const mode = (value: string) => ({ defaults: { mode: value } });
const throttled = () => {
  throw awsError('ThrottlingException', 'Rate exceeded');
};

const denied = () => {
  throw awsError('AccessDenied', 'not you', 403);
};

test.each([
  ['a Region that is not in the settings', { region: 'us-west-2' }],
  [
    'another partition',
    {
      envelope: {
        configRuleArn: 'arn:aws-cn:config:eu-west-1:111122223333:config-rule/config-rule-a1b2c3',
      },
    },
  ],
])('an event of %s is refused, and no role is assumed', async (_, options) => {
  const { evaluate, events, opened } = setUp();
  await evaluate(sampleScheduledEvent(options));
  expect(opened).toEqual([]);
  expect(events).toMatchObject([{ type: 'evaluation-failed', error: { code: 'foreign-region' } }]);
});

describe('a change', () => {
  test('a change is judged by its item without a call, and one verdict is sent with the item’s time', async () => {
    const { evaluate, config, events, session, opened } = setUp({ settings: mode('observe') });
    await evaluate(sampleChangeEvent());
    expect(config.puts).toEqual([['demo-logs: NON_COMPLIANT, Versioning is Off.']]);
    expect(config.shown.get('demo-logs')?.orderingTime).toEqual(new Date('2026-11-20T10:15:30.123Z'));
    expect(session.sent.map(({ operation }) => operation)).toEqual(['PutEvaluations']);
    expect(opened).toMatchObject([{ accountId: '111122223333', region: 'eu-west-1', partition: 'aws' }]);
    expect(events).toMatchObject([
      {
        type: 'resource-evaluated',
        command: 'EXAMPLE_KEEP_VERSIONS',
        severity: 'medium',
        accountId: '111122223333',
        region: 'eu-west-1',
        resource: { resourceId: 'demo-logs', arn: 'arn:aws:s3:::demo-logs', tags: { owner: 'team-a' } },
        trigger: 'change',
        complianceType: 'NON_COMPLIANT',
        annotation: 'Versioning is Off.',
        orderingTime: '2026-11-20T10:15:30.123Z',
      },
    ]);
  });

  test('a change whose item lacks the facts is observed live', async () => {
    const { evaluate, config } = setUp({ buckets: { 'demo-logs': 'Enabled' } });
    await evaluate(sampleChangeEvent({ item: { supplementaryConfiguration: {} } }));
    expect(config.puts).toEqual([['demo-logs: COMPLIANT']]);
  });

  test('a change of a resource that is gone by then is NOT_APPLICABLE', async () => {
    const { evaluate, config } = setUp({ buckets: {} });
    await evaluate(sampleChangeEvent({ item: { configuration: null, supplementaryConfiguration: {} } }));
    expect(config.puts).toEqual([['demo-logs: NOT_APPLICABLE, The resource is gone.']]);
  });

  test.each<[string, unknown, string]>([
    [
      'a deleted resource',
      sampleDeletedEvent(),
      'The resource is deleted or not recorded (ResourceDeleted).',
    ],
    [
      'a resource that is not recorded',
      sampleChangeEvent({ item: { configurationItemStatus: 'ResourceNotRecorded' } }),
      'The resource is deleted or not recorded (ResourceNotRecorded).',
    ],
    [
      'a deleted resource with an oversized item',
      sampleOversizedEvent({ item: { configurationItemStatus: 'ResourceDeletedNotRecorded' } }),
      'The resource is deleted or not recorded (ResourceDeletedNotRecorded).',
    ],
    [
      'a resource that left the scope',
      sampleChangeEvent({ envelope: { eventLeftScope: true } }),
      'The resource left the scope of the rule.',
    ],
  ])('%s is NOT_APPLICABLE without being observed', async (_, event, annotation) => {
    const { evaluate, config, session } = setUp();
    await evaluate(event);
    expect(config.puts).toEqual([[`demo-logs: NOT_APPLICABLE, ${annotation}`]]);
    expect(session.sent).toHaveLength(1);
  });

  test('a change of a type that the rule does not judge is NOT_APPLICABLE for that resource', async () => {
    const { evaluate, session } = setUp();
    await evaluate(sampleChangeEvent({ item: { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1' } }));
    expect(session.sent).toMatchObject([
      {
        input: {
          Evaluations: [
            {
              ComplianceResourceType: 'AWS::IAM::User',
              ComplianceResourceId: 'AIDA1',
              ComplianceType: 'NOT_APPLICABLE',
            },
          ],
        },
      },
    ]);
  });

  test('an oversized item is read from the history', async () => {
    const { evaluate, config, session } = setUp({ settings: mode('observe') });
    config.history.push(sampleApiItem());
    await evaluate(sampleOversizedEvent());
    expect(config.puts).toEqual([['demo-logs: NON_COMPLIANT, Versioning is Off.']]);
    expect(session.sent.map(({ operation }) => operation)).toEqual([
      'GetResourceConfigHistory',
      'PutEvaluations',
    ]);
  });

  test('an oversized item that is not in the history yet is thrown, so that Lambda retries', async () => {
    const { evaluate, config, events } = setUp();
    await expect(evaluate(sampleOversizedEvent())).rejects.toMatchObject({ code: 'item-not-yet-there' });
    expect(config.puts).toEqual([]);
    expect(events).toEqual([]);
  });

  test('a change is ignored while the rule is off, and published as ignored', async () => {
    const { evaluate, config, events } = setUp({ settings: mode('off') });
    await evaluate(sampleChangeEvent());
    expect(config.puts).toEqual([]);
    expect(events).toMatchObject([{ type: 'event-ignored', reason: 'the rule is off in this account' }]);
  });
});

describe('a sweep', () => {
  const event = sampleScheduledEvent();

  test('a sweep judges every listed resource, sends and publishes the verdicts, and publishes the counts', async () => {
    const buckets = { a: 'Enabled', b: 'Off', c: 'Suspended' } as const;
    const { evaluate, config, events } = setUp({ buckets, settings: mode('observe') });
    await evaluate(event);
    expect(config.puts).toEqual([
      ['a: COMPLIANT', 'b: NON_COMPLIANT, Versioning is Off.', 'c: NON_COMPLIANT, Versioning is Suspended.'],
    ]);
    expect(config.shown.get('a')?.orderingTime).toEqual(new Date('2026-11-20T12:00:00.373Z'));
    expect(typesOf(events)).toEqual([...Array<string>(3).fill('resource-evaluated'), 'sweep-completed']);
    expect(events.at(-1)).toMatchObject({
      orderingTime: '2026-11-20T12:00:00.373Z',
      counts: {
        resources: 3,
        compliant: 1,
        nonCompliant: 2,
        notApplicable: 0,
        failed: 0,
        sent: 3,
        vanished: 0,
      },
    });
  });

  test('a sweep without changes sends an empty list', async () => {
    const { evaluate, config, events } = setUp({ settings: mode('observe') });
    await evaluate(event);
    await evaluate(event);
    expect(config.puts).toEqual([['demo-logs: NON_COMPLIANT, Versioning is Off.'], []]);
    expect(events.at(-1)).toMatchObject({ type: 'sweep-completed', counts: { resources: 1, sent: 0 } });
  });

  test('a sweep without resources sends an empty list', async () => {
    const { evaluate, config } = setUp({ buckets: {} });
    await evaluate(event);
    expect(config.puts).toEqual([[]]);
  });

  test.each([
    ['auto', {}, 1],
    ['auto', { repeatNonCompliantInAuto: false }, 0],
    ['plan', {}, 0],
    ['approve', {}, 0],
    ['observe', {}, 0],
    ['observe', { sweep: 'full' }, 1],
  ])(
    'a sweep in mode %s with settings %j repeats an unchanged violation %i times',
    async (name, settings, repeats) => {
      const { evaluate, config } = setUp({ settings: { ...mode(name), ...settings } });
      await evaluate(event);
      await evaluate(event);
      expect(config.puts[1]).toHaveLength(repeats);
    },
  );

  test('a sweep clears the verdicts of resources that are gone', async () => {
    const { evaluate, config, s3 } = setUp({ buckets: { a: 'Off', b: 'Off' }, settings: mode('observe') });
    await evaluate(event);
    s3.versioning.delete('a');
    await evaluate(event);
    expect(config.puts[1]).toEqual(['a: NOT_APPLICABLE, The resource is gone.']);
  });

  test('a sweep of a rule that is off observes nothing and clears its verdicts', async () => {
    const { evaluate, config, session } = setUp({ settings: mode('off') });
    config.shown.set('a', { type: 'NON_COMPLIANT', annotation: 'x', orderingTime: new Date(0) });
    await evaluate(event);
    expect(config.puts).toEqual([['a: NOT_APPLICABLE, The rule is off in this account.']]);
    expect(session.sent.map(({ operation }) => operation)).toEqual([
      'GetComplianceDetailsByConfigRule',
      'PutEvaluations',
    ]);
  });

  test('a sweep that cannot read the previous verdicts sends all and publishes why', async () => {
    const answers = [on(ConfigServiceClient, GetComplianceDetailsByConfigRuleCommand, throttled)];
    const { evaluate, config, events } = setUp({ answers, settings: mode('observe') });
    config.shown.set('old', { type: 'COMPLIANT', annotation: undefined, orderingTime: new Date(0) });
    await evaluate(event);
    expect(config.puts).toEqual([['demo-logs: NON_COMPLIANT, Versioning is Off.']]);
    expect(events.at(-1)).toMatchObject({ previousUnreadable: 'ThrottlingException: Rate exceeded' });
  });

  test('a resource that cannot be read keeps its verdict and becomes an audit event', async () => {
    const answers = [
      on(S3Client, GetBucketVersioningCommand, ({ Bucket }) => {
        if (Bucket === 'a') throw awsError('AccessDenied', 'not you', 403);
        return { Status: 'Enabled' as const };
      }),
    ];
    const { evaluate, config, events } = setUp({ buckets: { a: 'Off', b: 'Off' }, answers });
    await evaluate(event);
    expect(config.puts).toEqual([['b: COMPLIANT']]);
    expect(events[0]).toMatchObject({
      type: 'evaluation-failed',
      resource: { resourceId: 'a' },
      trigger: 'schedule',
      error: { kind: 'permanent', code: 'AccessDenied', message: 'AccessDenied: not you' },
    });
  });

  test('a sweep whose listing is throttled is thrown and clears nothing', async () => {
    const { evaluate, config, events } = setUp({ answers: [on(S3Client, ListBucketsCommand, throttled)] });
    config.shown.set('old', { type: 'COMPLIANT', annotation: undefined, orderingTime: new Date(0) });
    await expect(evaluate(event)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(config.puts).toEqual([]);
    expect(events).toEqual([]);
  });

  test('a sweep whose listing is denied is one audit event and clears nothing', async () => {
    const { evaluate, config, events } = setUp({ answers: [on(S3Client, ListBucketsCommand, denied)] });
    config.shown.set('old', { type: 'COMPLIANT', annotation: undefined, orderingTime: new Date(0) });
    await evaluate(event);
    expect(config.puts).toEqual([]);
    expect(typesOf(events)).toEqual(['evaluation-failed']);
  });

  test('a sweep stores the number of resources in modes that fix', async () => {
    for (const [name, expected] of [
      ['auto', { resources: 1 }],
      ['plan', undefined],
    ] as const) {
      const { evaluate, table } = setUp({ settings: mode(name) });
      await evaluate(event);
      const row = await table.get('population#111122223333#eu-west-1#EXAMPLE_KEEP_VERSIONS', 'count');
      expect(row?.data).toEqual(expected);
    }
  });
});

describe('an exempt resource', () => {
  const byId = { resources: ['demo-*'] };

  test('a changed exempt resource is NOT_APPLICABLE with the exemption and its end, and gets no plan', async () => {
    const { evaluate, config, events, table } = setUp({ exemptions: [byId] });
    await evaluate(sampleChangeEvent());
    expect(config.puts).toEqual([['demo-logs: NOT_APPLICABLE, Exempt by EX-0 until 2027-01-01.']]);
    expect(events).toMatchObject([{ type: 'resource-evaluated', exemption: 'EX-0' }]);
    await expect(Array.fromAsync(listPlans(table))).resolves.toEqual([]);
  });

  test('a new exempt resource in a sweep is counted and published but not sent, and gets no plan', async () => {
    const { evaluate, config, events, table } = setUp({ exemptions: [byId] });
    await evaluate(sampleScheduledEvent());
    expect(config.puts).toEqual([[]]);
    expect(events).toMatchObject([
      { type: 'resource-evaluated', complianceType: 'NOT_APPLICABLE', exemption: 'EX-0' },
      { type: 'sweep-completed', counts: { notApplicable: 1, exempt: 1, sent: 0 } },
    ]);
    await expect(Array.fromAsync(listPlans(table))).resolves.toEqual([]);
  });

  test('sweeps publish an exempt resource once, and once more when it is gone', async () => {
    const buckets: Record<string, 'Off'> = Object.fromEntries(
      Array.from({ length: 301 }, (_, index) => [`demo-${index}`, 'Off']),
    );
    const { evaluate, config, events, s3 } = setUp({ exemptions: [byId], buckets });
    const publishedBySweep = async () => {
      events.length = 0;
      await evaluate(sampleScheduledEvent());
      return events.filter(({ type }) => type === 'resource-evaluated');
    };
    await expect(publishedBySweep()).resolves.toHaveLength(301);
    await expect(publishedBySweep()).resolves.toEqual([]);
    s3.versioning.delete('demo-7');
    await expect(publishedBySweep()).resolves.toMatchObject([
      { resource: { resourceId: 'demo-7' }, annotation: 'The resource is gone.' },
    ]);
    await expect(publishedBySweep()).resolves.toEqual([]);
    expect(config.puts.flat()).toEqual([]);
  });

  test('an exempt resource that was NON_COMPLIANT becomes NOT_APPLICABLE in the next sweep', async () => {
    const { evaluate, config } = setUp({ exemptions: [byId] });
    config.shown.set('demo-logs', { type: 'NON_COMPLIANT', annotation: 'x', orderingTime: new Date(0) });
    await evaluate(sampleScheduledEvent());
    expect(config.puts).toEqual([['demo-logs: NOT_APPLICABLE, Exempt by EX-0 until 2027-01-01.']]);
  });

  test('an exempt resource that is compliant is COMPLIANT', async () => {
    const { evaluate, config } = setUp({ exemptions: [byId], buckets: { 'demo-logs': 'Enabled' } });
    await evaluate(sampleScheduledEvent());
    expect(config.puts).toEqual([['demo-logs: COMPLIANT']]);
  });

  test('an exemption matches by an ARN that a listing does not return', async () => {
    const { evaluate, config } = setUp({ exemptions: [{ resources: ['arn:aws:s3:::demo-logs'] }] });
    await evaluate(sampleScheduledEvent());
    expect(config.puts).toEqual([[]]);
  });

  test('an exemption matches by a tag, and a sweep reads the tags once', async () => {
    const { evaluate, config, s3, session } = setUp({
      exemptions: [{ tags: { public: 'yes' } }],
      buckets: { a: 'Off', b: 'Off' },
      settings: mode('observe'),
    });
    s3.tags.set('a', { public: 'yes' });
    await evaluate(sampleScheduledEvent());
    expect(config.puts).toEqual([['b: NON_COMPLIANT, Versioning is Off.']]);
    expect(session.sent.filter(({ operation }) => operation === 'GetResources')).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['its history has', sampleOversizedEvent()],
    ['only the tagging API has', sampleChangeEvent({ item: { tags: undefined } })],
  ])('a changed resource is exempt by a tag that %s', async (_, event) => {
    const { evaluate, config, s3, events, table } = setUp({ exemptions: [{ tags: { owner: 'team-a' } }] });
    config.history.push(sampleApiItem());
    s3.tags.set('demo-logs', { owner: 'team-a' });
    await evaluate(event);
    expect(config.puts).toEqual([['demo-logs: NOT_APPLICABLE, Exempt by EX-0 until 2027-01-01.']]);
    expect(events).toMatchObject([{ exemption: 'EX-0', resource: { tags: { owner: 'team-a' } } }]);
    await expect(Array.fromAsync(listPlans(table))).resolves.toEqual([]);
  });

  test('an exempt resource is NON_COMPLIANT while the exemptions cannot be read, and the failure is published', async () => {
    const loadExemptions = () => Promise.reject(permanent('malformed-exemptions', 'Line 3 is broken.'));
    const { evaluate, config, events } = setUp({ dependencies: { loadExemptions } });
    await evaluate(sampleChangeEvent());
    expect(config.puts).toEqual([['demo-logs: NON_COMPLIANT, Versioning is Off.']]);
    expect(events[0]).toMatchObject({
      type: 'evaluation-failed',
      trigger: 'change: exemptions',
      error: { code: 'malformed-exemptions' },
    });
  });
});

describe('an excluded resource', () => {
  const withExcluded = { buckets: { 'awsconfigconforms-logs': 'Off', 'demo-logs': 'Off' } } as const;

  test('an excluded resource keeps its verdict and is counted separately', async () => {
    const { evaluate, config, events } = setUp({ ...withExcluded, settings: mode('observe') });
    await evaluate(sampleScheduledEvent());
    expect(config.shown.get('awsconfigconforms-logs')).toMatchObject({ type: 'NON_COMPLIANT' });
    expect(events).toMatchObject([
      { type: 'resource-evaluated', complianceType: 'NON_COMPLIANT', excluded: 'awsconfigconforms*' },
      { type: 'resource-evaluated', complianceType: 'NON_COMPLIANT' },
      { type: 'sweep-completed', counts: { nonCompliant: 2, excluded: 1, exempt: 0 } },
    ]);
    expect(events[1]).not.toHaveProperty('excluded');
  });

  test('an exclusion in the settings matches by an ARN that a listing does not return', async () => {
    const settings = { ...mode('observe'), exclusions: ['arn:aws:s3:::demo-*'] };
    const { evaluate, events } = setUp({ settings });
    await evaluate(sampleScheduledEvent());
    expect(events[0]).toMatchObject({ excluded: 'arn:aws:s3:::demo-*' });
  });

  test('an excluded resource that is compliant is not counted as excluded', async () => {
    const { evaluate, events } = setUp({ buckets: { 'awsconfigconforms-logs': 'Enabled' } });
    await evaluate(sampleScheduledEvent());
    expect(events.at(-1)).toMatchObject({ counts: { compliant: 1, excluded: 0 } });
  });

  test('a sweep names excluded resources when there are more than in the sweep before, and only then', async () => {
    const { evaluate, events, s3 } = setUp({ ...withExcluded, settings: mode('observe') });
    const swept = async () => {
      await evaluate(sampleScheduledEvent());
      return events.findLast(({ type }) => type === 'sweep-completed');
    };
    expect(await swept()).not.toHaveProperty('exclusionGrowth');
    s3.versioning.set('awsconfigconforms-forged', 'Off');
    expect(await swept()).toMatchObject({
      exclusionGrowth: {
        before: 1,
        now: 2,
        resources: ['awsconfigconforms-forged', 'awsconfigconforms-logs'],
      },
    });
    expect(await swept()).not.toHaveProperty('exclusionGrowth');
  });

  test('a growth that could not be published is in the next sweep again', async () => {
    let down = false;
    const events: AuditEvent[] = [];
    const publish = async (batch: readonly AuditEvent[]) => {
      if (down && batch.some(({ type }) => type === 'sweep-completed')) throw new Error('The log is away.');
      events.push(...batch);
    };
    const { evaluate, s3 } = setUp({ ...withExcluded, settings: mode('observe'), dependencies: { publish } });
    await evaluate(sampleScheduledEvent());
    s3.versioning.set('awsconfigconforms-forged', 'Off');
    down = true;
    await evaluate(sampleScheduledEvent()).catch(() => undefined);
    down = false;
    await evaluate(sampleScheduledEvent());
    expect(events.at(-1)).toMatchObject({ exclusionGrowth: { before: 1, now: 2 } });
  });

  test('a sweep is complete although the count of excluded resources cannot be read or written', async () => {
    const broken = async () => {
      throw new Error('The table is away.');
    };
    const table = { ...memoryTable(), get: broken, put: broken };
    const { evaluate, events, config } = setUp({
      ...withExcluded,
      settings: mode('observe'),
      dependencies: { table },
    });
    await evaluate(sampleScheduledEvent());
    expect(config.shown.size).toBe(2);
    expect(events.at(-1)).toMatchObject({ type: 'sweep-completed', counts: { excluded: 1 } });
  });
});

describe('an exemption by tag that names neither accounts nor OUs', () => {
  test('each sweep reports it while it keeps protecting', async () => {
    const { evaluate, events } = setUp({
      exemptions: [{ tags: { public: 'yes' } }, { accounts: ['111122223333'] }],
    });
    await evaluate(sampleScheduledEvent());
    expect(events.at(-1)).toMatchObject({ type: 'sweep-completed', exemptionsByTagAlone: 'EX-0' });
  });
});

describe('a plan', () => {
  test.each([
    ['off', 0],
    ['observe', 0],
    ['plan', 1],
    ['approve', 1],
    ['auto', 0],
  ])('the number of plans in mode %s is %i, for a change and for a sweep', async (name, plans) => {
    for (const event of [sampleChangeEvent(), sampleScheduledEvent()]) {
      const { evaluate, events, s3 } = setUp({ settings: mode(name) });
      await evaluate(event);
      expect(typesOf(events).filter((type) => type === 'plan-created')).toHaveLength(plans);
      expect(s3.versioning.get('demo-logs')).toBe('Off');
    }
  });

  test('a plan is published once for the same violation, however often it is found', async () => {
    const { evaluate, events, table } = setUp();
    for (const event of [
      sampleChangeEvent(),
      sampleScheduledEvent(),
      sampleScheduledEvent(),
      sampleChangeEvent(),
    ])
      await evaluate(event);
    expect(typesOf(events).filter((type) => type === 'plan-created')).toHaveLength(1);
    await expect(Array.fromAsync(listPlans(table))).resolves.toMatchObject([
      {
        status: 'open',
        plan: { resource: { resourceId: 'demo-logs' }, description: 'Turn versioning on for demo-logs' },
      },
    ]);
  });

  test('a plan is made from the live resource, not from the item', async () => {
    const { evaluate, events } = setUp({ buckets: { 'demo-logs': 'Suspended' } });
    await evaluate(sampleChangeEvent());
    expect(events.find(({ type }) => type === 'plan-created')).toMatchObject({
      plan: { facts: { status: 'Suspended' } },
    });
  });

  test.each([
    ['fixed', { 'demo-logs': 'Enabled' }],
    ['gone', {}],
  ] as const)('no plan is made for a resource that is %s by then', async (_, buckets) => {
    const { evaluate, events, table } = setUp({ buckets });
    await evaluate(sampleChangeEvent());
    expect(typesOf(events)).toEqual(['resource-evaluated']);
    await expect(Array.fromAsync(listPlans(table))).resolves.toEqual([]);
  });

  test('a plan is made by the first sweep after the mode allows it, for an unchanged violation too', async () => {
    let current = mode('observe');
    const loadSettings = async () => parseSettings(settingsWith(current));
    const { evaluate, config, table } = setUp({ dependencies: { loadSettings } });
    await evaluate(sampleScheduledEvent());
    current = mode('plan');
    await evaluate(sampleScheduledEvent());
    expect(config.puts[1]).toEqual([]);
    await expect(Array.fromAsync(listPlans(table))).resolves.toHaveLength(1);
  });

  test('an expired plan is made again by the next sweep', async () => {
    let now = new Date('2026-11-20T12:05:00Z');
    const { evaluate, events } = setUp({ dependencies: { now: () => now } });
    await evaluate(sampleScheduledEvent());
    now = new Date('2026-12-20T12:05:00Z');
    await evaluate(sampleScheduledEvent());
    expect(typesOf(events).filter((type) => type === 'plan-created')).toHaveLength(2);
  });

  describe('its owner', () => {
    const ownerless = { accounts: [{ id: '111122223333', name: 'prod' }] };
    const ownerLookups = (session: { readonly sent: readonly { readonly operation: string }[] }) =>
      session.sent.filter(({ operation }) => /^Get(Resources|AlternateContact)$/.test(operation));
    const ownerOf = (events: readonly AuditEvent[]) =>
      events.filter(({ type }) => type === 'plan-created').map(({ owner }) => owner);

    test('a plan goes to the owner in the resource’s tag, which is read for a new plan only', async () => {
      const { evaluate, events, s3, session } = setUp();
      s3.tags.set('demo-logs', { owner: 'team-tag' });
      await evaluate(sampleScheduledEvent());
      await evaluate(sampleScheduledEvent());
      expect(ownerOf(events)).toEqual(['team-tag']);
      expect(ownerLookups(session)).toHaveLength(1);
    });

    test('the tags of a hundred new plans are read in one call', async () => {
      const buckets = Object.fromEntries(
        Array.from({ length: 101 }, (_, index) => [`b${index}`, 'Off'] as const),
      );
      const { evaluate, events, s3, session } = setUp({ buckets });
      for (const bucket of Object.keys(buckets)) s3.tags.set(bucket, { owner: `team-${bucket}` });
      await evaluate(sampleScheduledEvent());
      expect(new Set(ownerOf(events))).toEqual(
        new Set(Object.keys(buckets).map((bucket) => `team-${bucket}`)),
      );
      expect(ownerLookups(session)).toHaveLength(2);
    });

    test('a plan goes to the owner in the change event’s tags, without a call', async () => {
      const { evaluate, events, session } = setUp();
      await evaluate(sampleChangeEvent());
      expect(ownerOf(events)).toEqual(['team-a']);
      expect(ownerLookups(session)).toEqual([]);
    });

    test('a plan goes to the account’s owner and is published while the tags cannot be read', async () => {
      const log = vi.spyOn(console, 'error').mockReturnValue();
      const answers = [on(ResourceGroupsTaggingAPIClient, GetResourcesCommand, denied)];
      const { evaluate, events } = setUp({ answers });
      await evaluate(sampleScheduledEvent());
      expect(ownerOf(events)).toEqual(['team-prod']);
      expect(log.mock.calls).toEqual([[expect.stringMatching(/^The tags of 1 resources .*AccessDenied/)]]);
    });

    test('a plan goes to the account’s security contact, which is read once and then used by verdicts', async () => {
      const answers = [fakeContact('security@example.com')];
      const { evaluate, events, session } = setUp({
        settings: ownerless,
        answers,
        buckets: { a: 'Off', b: 'Off', c: 'Enabled' },
      });
      await evaluate(sampleScheduledEvent());
      expect(ownerOf(events)).toEqual(['security@example.com', 'security@example.com']);
      expect(
        ownerLookups(session).filter(({ operation }) => operation === 'GetAlternateContact'),
      ).toHaveLength(1);
      expect(events.find(({ type }) => type === 'resource-evaluated')?.owner).toBe('security@example.com');
    });

    test('a verdict alone reads neither tags nor contacts', async () => {
      const { evaluate, events, session } = setUp({ settings: { ...ownerless, ...mode('observe') } });
      const item = { tags: {} };
      await evaluate(sampleChangeEvent({ item }));
      await evaluate(sampleScheduledEvent());
      expect(new Set(events.map(({ owner }) => owner))).toEqual(new Set(['unowned']));
      expect(ownerLookups(session)).toEqual([]);
    });
  });

  test('a plan that has to wait is thrown, and the retry makes it', async () => {
    let isThrottled = true;
    const answers = [
      on(S3Client, GetBucketVersioningCommand, () => {
        if (isThrottled) throttled();
        return {};
      }),
    ];
    const { evaluate, table } = setUp({ answers });
    await expect(evaluate(sampleChangeEvent())).rejects.toMatchObject({
      kind: 'transient',
      code: 'plan-failed',
    });
    isThrottled = false;
    await evaluate(sampleChangeEvent());
    await expect(Array.fromAsync(listPlans(table))).resolves.toHaveLength(1);
  });

  test('a plan that cannot be made is an audit event, and its verdict is sent', async () => {
    const fix = () => {
      throw new TypeError('a bug');
    };
    const { evaluate, config, events } = setUp({ rule: { ...exampleRule, fix } });
    await evaluate(sampleScheduledEvent());
    expect(config.puts).toEqual([['demo-logs: NON_COMPLIANT, Versioning is Off.']]);
    expect(events.find(({ type }) => type === 'evaluation-failed')).toMatchObject({
      resource: { resourceId: 'demo-logs' },
      error: { message: 'TypeError: a bug' },
    });
  });
});

describe('a permanent failure', () => {
  const failures: [string, unknown, SetUp, object][] = [
    ['an empty event', undefined, {}, { trigger: 'unreadable', error: { code: 'malformed-event' } }],
    [
      'a malformed event',
      { hello: 'world' },
      {},
      { trigger: 'unreadable', error: { code: 'malformed-event' } },
    ],
    [
      'a malformed item',
      sampleChangeEvent({ item: { configurationItemStatus: 'Odd' } }),
      {},
      { trigger: 'unreadable', error: { code: 'malformed-item' } },
    ],
    [
      'an inconsistent account',
      sampleChangeEvent({ item: { awsAccountId: '444455556666' } }),
      {},
      { trigger: 'unreadable', error: { code: 'inconsistent-account' } },
    ],
    [
      'an unknown command',
      sampleChangeEvent({ command: 'NO_SUCH_RULE' }),
      {},
      { command: 'NO_SUCH_RULE', accountId: '111122223333', error: { code: 'unknown-command' } },
    ],
    [
      'a foreign account',
      sampleScheduledEvent({ accountId: '444455556666' }),
      {},
      { accountId: '444455556666', trigger: 'schedule', error: { code: 'foreign-account' } },
    ],
    [
      'a rule with parameters of another type',
      sampleChangeEvent(),
      { settings: { rules: { EXAMPLE_KEEP_VERSIONS: { parameters: { suspendedIsFine: 'yes' } } } } },
      { error: { kind: 'permanent', code: 'malformed-parameters' } },
    ],
  ];
  test.each(failures)(
    '%s is one audit event, and no session is opened',
    async (_, event, given, expected) => {
      const { evaluate, config, events, opened } = setUp(given);
      await evaluate(event);
      expect(events).toMatchObject([{ type: 'evaluation-failed', ...expected }]);
      expect(config.puts).toEqual([]);
      expect(opened).toEqual([]);
    },
  );

  describe('events from unknown accounts', () => {
    const from = (accountId: string, command = 'EXAMPLE_KEEP_VERSIONS') =>
      sampleScheduledEvent({ accountId, command });

    test('an unknown account is published once, whatever it sends', async () => {
      const { evaluate, events } = setUp();
      await evaluate(from('444455556666'));
      await evaluate(from('444455556666', 'ANYTHING_ELSE'));
      await evaluate(from('777788889999'));
      expect(events.map(({ accountId }) => accountId)).toEqual(['444455556666', '777788889999']);
    });
    test('at most twenty unknown accounts are published within an hour', async () => {
      let time = new Date('2026-01-01T00:00:00Z');
      const { evaluate, events } = setUp({ dependencies: { now: () => time } });
      for (let index = 0; index < 30; index += 1) await evaluate(from(String(200_000_000_000 + index)));
      expect(events).toHaveLength(20);
      time = new Date('2026-01-01T01:00:00Z');
      await evaluate(from('200000000029'));
      expect(events).toHaveLength(21);
    });
    test('malformed events count towards the limit of unknown accounts', async () => {
      const { evaluate, events } = setUp();
      for (let index = 0; index < 30; index += 1) await evaluate({ hello: `world ${index}` });
      expect(events.length).toBeLessThanOrEqual(20);
    });
    test('a failure in a listed account is published each time', async () => {
      const { evaluate, events } = setUp();
      for (let index = 0; index < 30; index += 1)
        await evaluate(sampleChangeEvent({ command: 'NO_SUCH_RULE' }));
      expect(events).toHaveLength(30);
    });
  });

  test('a role that cannot be assumed is one audit event', async () => {
    const openSession = () => Promise.reject(permanent('role-not-assumed', 'AccessDenied'));
    const { evaluate, events } = setUp({ dependencies: { openSession } });
    await evaluate(sampleChangeEvent());
    expect(events).toMatchObject([{ type: 'evaluation-failed', error: { code: 'role-not-assumed' } }]);
  });

  test.each(['InvalidResultTokenException', 'NoSuchConfigRuleException'])(
    'a rule that was deleted meanwhile is one audit event (%s)',
    async (name) => {
      const answers = [
        on(ConfigServiceClient, PutEvaluationsCommand, () => {
          throw awsError(name);
        }),
      ];
      const { evaluate, events } = setUp({ answers, settings: mode('observe') });
      await evaluate(sampleChangeEvent());
      expect(events).toMatchObject([{ type: 'evaluation-failed', error: { kind: 'permanent', code: name } }]);
    },
  );

  test('an observation that is denied is one audit event and no verdict', async () => {
    const answers = [
      on(S3Client, GetBucketVersioningCommand, () => {
        throw awsError('AccessDenied', 'x', 403);
      }),
    ];
    const { evaluate, config, events } = setUp({ answers });
    await evaluate(sampleChangeEvent({ item: { supplementaryConfiguration: {} } }));
    expect(events).toMatchObject([
      {
        type: 'evaluation-failed',
        trigger: 'change',
        resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'demo-logs' },
        correlationId: expect.stringMatching(/^finding-/) as string,
        error: { code: 'AccessDenied' },
      },
    ]);
    expect(config.puts).toEqual([]);
  });
});

test('an unknown message type is ignored and published as ignored', async () => {
  const { evaluate, events, opened } = setUp();
  await evaluate(
    sampleScheduledEvent({ invokingEvent: { messageType: 'ConfigurationSnapshotDeliveryCompleted' } }),
  );
  expect(events).toMatchObject([
    { type: 'event-ignored', reason: 'message type ConfigurationSnapshotDeliveryCompleted' },
  ]);
  expect(opened).toEqual([]);
});

test('an unknown account is refused before the message type is checked', async () => {
  const { evaluate, events } = setUp();
  const invokingEvent = { messageType: 'ConfigurationSnapshotDeliveryCompleted' };
  await evaluate(sampleScheduledEvent({ accountId: '444455556666', invokingEvent }));
  expect(events).toMatchObject([{ type: 'evaluation-failed', error: { code: 'foreign-account' } }]);
});

describe('a transient failure', () => {
  const failing: [string, SetUp][] = [
    [
      'a fault of the settings',
      { dependencies: { loadSettings: () => Promise.reject(transient('settings-unreadable', 'x')) } },
    ],
    [
      'throttling of the role',
      { dependencies: { openSession: () => Promise.reject(transient('role-not-assumed', 'x')) } },
    ],
    ['throttling of the observation', { answers: [on(S3Client, GetBucketVersioningCommand, throttled)] }],
    [
      'throttling of PutEvaluations',
      { answers: [on(ConfigServiceClient, PutEvaluationsCommand, throttled)] },
    ],
    [
      'a refusal of AWS Config',
      {
        answers: [
          on(ConfigServiceClient, PutEvaluationsCommand, ({ Evaluations = [] }) => ({
            FailedEvaluations: Evaluations,
          })),
        ],
      },
    ],
  ];
  test.each(failing)('%s is thrown, with neither verdict nor audit event', async (_, given) => {
    const { evaluate, config, events } = setUp({ settings: mode('observe'), ...given });
    const event = sampleChangeEvent({ item: { supplementaryConfiguration: {} } });
    await expect(evaluate(event)).rejects.toBeInstanceOf(Error);
    expect(config.puts).toEqual([]);
    expect(events).toEqual([]);
  });

  test('throttling of every call of a sweep is thrown without an audit event', async () => {
    const { evaluate, events } = setUp({ answers: everyCallThrottled });
    await expect(evaluate(sampleScheduledEvent())).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(events).toEqual([]);
  });
});

const everyCallThrottled = [
  on(ConfigServiceClient, GetComplianceDetailsByConfigRuleCommand, throttled),
  on(ConfigServiceClient, PutEvaluationsCommand, throttled),
  on(S3Client, ListBucketsCommand, throttled),
  on(S3Client, GetBucketVersioningCommand, throttled),
];

test('an audit event that cannot be published is thrown after its verdict is sent, so that Lambda retries', async () => {
  const publish = () => Promise.reject(transient('not-published', 'x'));
  const { evaluate, config } = setUp({ dependencies: { publish }, settings: mode('observe') });
  await expect(evaluate(sampleChangeEvent())).rejects.toMatchObject({ code: 'not-published' });
  await expect(evaluate(sampleScheduledEvent())).rejects.toMatchObject({ code: 'not-published' });
  expect(config.puts.flat()).toEqual(
    Array.from({ length: 1 }, () => 'demo-logs: NON_COMPLIANT, Versioning is Off.'),
  );
  await expect(evaluate(undefined)).rejects.toMatchObject({ code: 'not-published' });
});

describe('the scope of a rule', () => {
  const ofManagement: Rule = { ...exampleRule, only: 'management-account' };
  const ofMacie: Rule = {
    ...exampleRule,
    permissions: { ...exampleRule.permissions, list: ['macie2:GetMacieSession'] },
  };

  test.each([
    ['a change', sampleChangeEvent()],
    ['a schedule', sampleScheduledEvent()],
  ])(
    '%s of a rule of the management account is ignored in another account, without a role or call',
    async (_, event) => {
      const { evaluate, events, opened, session } = setUp({ rule: ofManagement });
      await evaluate(event);
      expect(opened).toEqual([]);
      expect(session.sent).toEqual([]);
      expect(events).toMatchObject([
        { type: 'event-ignored', reason: 'the rule concerns the management account only' },
      ]);
    },
  );

  test('a rule of the management account is judged there', async () => {
    const { masterAccountId } = settingsWith().organization;
    const { evaluate, events } = setUp({
      rule: ofManagement,
      settings: { ...mode('observe'), accounts: [{ id: masterAccountId, name: 'master' }] },
    });
    await evaluate(sampleChangeEvent({ accountId: masterAccountId }));
    expect(typesOf(events)).toContain('resource-evaluated');
  });

  const zurich = {
    organization: {
      id: 'o-abcde12345',
      masterAccountId: '999988887777',
      externalId: 'example',
      homeRegion: 'eu-central-2',
      regions: ['eu-central-2'],
    },
  };

  test('a sweep in a Region without the service lists nothing and clears old verdicts', async () => {
    const { evaluate, config, session } = setUp({
      rule: ofMacie,
      settings: { ...mode('observe'), ...zurich },
    });
    config.shown.set('a', { type: 'NON_COMPLIANT', annotation: 'old', orderingTime: new Date(0) });
    await evaluate(sampleScheduledEvent({ region: 'eu-central-2' }));
    expect(config.puts).toEqual([
      ['a: NOT_APPLICABLE, Region eu-central-2 does not have the service macie2.'],
    ]);
    expect(session.sent.map(({ operation }) => operation)).not.toContain('ListBuckets');
  });

  test('a change in a Region without the service is ignored without a role', async () => {
    const { evaluate, events, opened } = setUp({ rule: ofMacie, settings: zurich });
    await evaluate(sampleChangeEvent({ region: 'eu-central-2' }));
    expect(opened).toEqual([]);
    expect(events).toMatchObject([{ type: 'event-ignored' }]);
  });

  test('a name that does not resolve is a transient failure and never a verdict', async () => {
    const { evaluate, config } = setUp({
      settings: mode('observe'),
      answers: [
        on(S3Client, ListBucketsCommand, () => {
          throw Object.assign(new Error('getaddrinfo ENOTFOUND s3.xx-new-1.amazonaws.com'), {
            code: 'ENOTFOUND',
          });
        }),
      ],
    });
    await expect(evaluate(sampleScheduledEvent())).rejects.toThrow('ENOTFOUND');
    expect(config.puts).toEqual([]);
  });
});
