import { ACCOUNT_TYPE, AccountId, type Change } from '@compliance/core/rule';
import { describedTrail, MANAGEMENT, ME } from '@compliance/trails/testing';
import { describe, expect, test } from 'vitest';

import { alarmOn, changesIn } from '../src/index.ts';
import {
  alarm,
  fakeAccount,
  filter,
  FOREIGN_TOPIC,
  LOG_GROUP_ARN,
  TOPIC,
  trail,
  type Account,
} from '../src/testing/fake-account.ts';

const ruleOn = (command: string, source: string, names: readonly string[], only?: 'management-account') =>
  alarmOn({
    command,
    what: 'changes of routes',
    rationale: 'A test needs none.',
    controls: {},
    events: changesIn(source, names, { besides: ['AssociateRouteTable'] }),
    ...(only && { only }),
  });

const NAMES = ['CreateRoute', 'CreateRouteTable', 'DeleteRoute'];
const rule = ruleOn('ALARM_ROUTES', 'ec2.amazonaws.com', NAMES);
const onKeys = ruleOn('ALARM_KEYS', 'kms.amazonaws.com', ['DisableKey']);
const onOrganization = ruleOn(
  'ALARM_ORGANIZATION',
  'organizations.amazonaws.com',
  ['MoveAccount'],
  'management-account',
);

const ROUTES = '{ ($.eventName=DeleteRoute)||($.eventName=CreateRouteTable)||($.eventName="CreateRoute") }';
const resource = { resourceType: ACCOUNT_TYPE, resourceId: ME };
const context = (parameters: object = {}, by = rule) => ({
  parameters: by.parameters.parse(parameters),
  accountId: AccountId.parse(ME),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date(0),
});

const whole: Account = { filters: [filter(ROUTES)], alarms: [alarm()] };

const observed = async (account: Account, by = rule) => {
  const seen = await by.observe.get(resource, { session: fakeAccount(by.permissions.get, account) });
  if (!seen) throw new Error('Expected an observation.');
  return seen;
};

const verdictOf = async (account: Account, parameters: object = {}, by = rule) =>
  by.judge((await observed(account, by)).facts, context(parameters, by));

const annotationOf = async (account: Account, parameters: object = {}, by = rule) => {
  const verdict = await verdictOf(account, parameters, by);
  expect(verdict.complianceType).toBe('NON_COMPLIANT');
  return 'annotation' in verdict ? verdict.annotation : '';
};

const LEAD = 'No alarm reports changes of routes: ';

test('a rule whose own pattern is longer than CloudWatch Logs accepts is refused', () => {
  const names = Array.from({ length: 50 }, (_, index) => `CreateRoute${index}`);
  expect(() => ruleOn('ALARM_ROUTES', 'ec2.amazonaws.com', names)).toThrow(
    'Too long a pattern of ALARM_ROUTES',
  );
});

test('the annotation of a filter with many faults fits into a verdict', async () => {
  const account: Account = {
    filters: [filter('{ $.eventName = CreateRoute }', { filterName: 'f'.repeat(200) })],
    alarms: [
      alarm({
        AlarmName: 'a'.repeat(200),
        AlarmActions: [`${TOPIC}-${'t'.repeat(200)}`],
        Threshold: 1_000_000,
        EvaluationPeriods: 5,
        TreatMissingData: 'breaching',
      }),
    ],
  };
  expect((await annotationOf(account)).length).toBeLessThanOrEqual(250);
});

test('the whole chain on one trail is COMPLIANT, beside trails that have none of it', async () => {
  const trails = [trail({ Name: 'other', IsMultiRegionTrail: false, HomeRegion: 'eu-west-1' }), trail()];
  await expect(verdictOf({ ...whole, trails })).resolves.toEqual({ complianceType: 'COMPLIANT' });
});

describe('a chain that breaks is NON_COMPLIANT, with the link that is missing', () => {
  test.each<[string, Account, string]>([
    ['no trail', { trails: [] }, 'no trail records the account.'],
    [
      'a trail of one Region',
      { ...whole, trails: [trail({ IsMultiRegionTrail: false, HomeRegion: 'eu-west-1' })] },
      'trail main covers eu-west-1 only.',
    ],
    ['a stopped trail', { ...whole, status: { status: { IsLogging: false } } }, 'trail main is stopped.'],
    [
      'a trail of writes only',
      {
        ...whole,
        status: {
          selectors: { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }] },
        },
      },
      'trail main leaves out reads.',
    ],
    [
      'a trail without a log group',
      { ...whole, trails: [describedTrail(ME)] },
      'trail main delivers to no log group.',
    ],
    [
      'a log group that refuses the events',
      { ...whole, status: { status: { LatestCloudWatchLogsDeliveryError: 'AccessDenied' } } },
      'trail main cannot deliver to its log group: AccessDenied.',
    ],
    [
      'a log group that was deleted',
      { ...whole, failing: ['DescribeMetricFilters', 'ResourceNotFoundException'] },
      'trail main delivers to log group trail-events, which does not exist.',
    ],
    [
      'no filter',
      {},
      'log group trail-events has no metric filter that matches CreateRoute, CreateRouteTable, DeleteRoute.',
    ],
    ['a filter without an alarm', { filters: [filter(ROUTES)] }, 'filter routes has no alarm on its metric.'],
    [
      'an alarm on a metric of the same name in another namespace',
      { ...whole, alarms: [alarm({ Namespace: 'Other' })] },
      'filter routes has no alarm on its metric.',
    ],
    [
      'an alarm on one dimension of the metric',
      { ...whole, alarms: [alarm({ Dimensions: [{ Name: 'Region', Value: 'eu-west-1' }] })] },
      'filter routes has no alarm on its metric.',
    ],
    [
      'an alarm of another kind, which has no metric',
      { ...whole, alarms: [{ AlarmName: 'criteria', ActionsEnabled: true, AlarmActions: [TOPIC] }] },
      'filter routes has no alarm on its metric.',
    ],
    [
      'an alarm that computes',
      {
        ...whole,
        alarms: [
          {
            AlarmName: 'math',
            ActionsEnabled: true,
            AlarmActions: [TOPIC],
            Metrics: [
              {
                Id: 'm',
                MetricStat: {
                  Metric: { Namespace: 'Security', MetricName: 'routes' },
                  Period: 60,
                  Stat: 'Sum',
                },
              },
              { Id: 'e', Expression: 'm * 0' },
            ],
          },
        ],
      },
      'filter routes has alarm math, which computes with the metric.',
    ],
    [
      'disabled actions',
      { ...whole, alarms: [alarm({ ActionsEnabled: false })] },
      'filter routes has alarm routes, which has its actions disabled.',
    ],
    [
      'actions that are no topics',
      { ...whole, alarms: [alarm({ AlarmActions: [`arn:aws:lambda:us-east-1:${ME}:function:f`] })] },
      'filter routes has alarm routes, which notifies no topic.',
    ],
    [
      'a subscription that awaits its confirmation',
      { ...whole, subscriptions: ['PendingConfirmation', 'Deleted'] },
      'filter routes has alarm routes, which notifies topic alarms, which has no confirmed subscription.',
    ],
    [
      'a topic without a subscription',
      { ...whole, subscriptions: [] },
      'filter routes has alarm routes, which notifies topic alarms, which has no confirmed subscription.',
    ],
    [
      "another account's topic, which may not be read",
      { ...whole, alarms: [alarm({ AlarmActions: [FOREIGN_TOPIC] })] },
      'filter routes has alarm routes, which notifies topic alarms, which cannot be read (AuthorizationError).',
    ],
    [
      'a threshold of two events',
      { ...whole, alarms: [alarm({ Threshold: 2 })] },
      'filter routes has alarm routes, which waits for Sum >= 2.',
    ],
    [
      'more than one event',
      { ...whole, alarms: [alarm({ ComparisonOperator: 'GreaterThanThreshold' })] },
      'filter routes has alarm routes, which waits for Sum > 1.',
    ],
    [
      'an alarm that is on without an event',
      { ...whole, alarms: [alarm({ Threshold: 0 })] },
      'filter routes has alarm routes, which waits for Sum >= 0.',
    ],
    [
      'an alarm on too few events',
      { ...whole, alarms: [alarm({ ComparisonOperator: 'LessThanThreshold' })] },
      'filter routes has alarm routes, which waits for Sum < 1.',
    ],
    [
      'events in several periods',
      { ...whole, alarms: [alarm({ EvaluationPeriods: 3 })] },
      'filter routes has alarm routes, which waits for 3 periods.',
    ],
    [
      'an alarm that stays on between two events',
      { ...whole, alarms: [alarm({ TreatMissingData: 'breaching' })] },
      'filter routes has alarm routes, which treats missing data as breaching.',
    ],
    [
      'a metric that no event changes',
      {
        ...whole,
        filters: [
          filter(ROUTES, {
            metricTransformations: [{ metricNamespace: 'Security', metricName: 'routes', metricValue: '0' }],
          }),
        ],
      },
      'filter routes adds no positive number to its metric.',
    ],
    [
      'a metric of values from the events',
      {
        ...whole,
        filters: [
          filter(ROUTES, {
            metricTransformations: [
              { metricNamespace: 'Security', metricName: 'routes', metricValue: '$.requestParameters.count' },
            ],
          }),
        ],
      },
      'filter routes adds no positive number to its metric.',
    ],
    [
      'a metric with a dimension',
      { ...whole, filters: [filter(ROUTES, { emitSystemFieldDimensions: ['@aws.region'] })] },
      'filter routes splits its metric by dimensions.',
    ],
    [
      'a filter that matches ordinary events as well, and so an alarm that stays on',
      { ...whole, filters: [filter('{ $.eventSource = ec2.amazonaws.com }')] },
      'filter routes counts DescribeInstances too, so that its alarm stays on.',
    ],
    [
      'a filter of every event, with an alarm',
      { ...whole, filters: [filter('')] },
      'filter routes counts AssumeRole too, so that its alarm stays on.',
    ],
    [
      'a metric that a second filter raises with ordinary events',
      {
        ...whole,
        filters: [filter(ROUTES), filter('{ $.eventName = DescribeInstances }', { filterName: 'reads' })],
      },
      'filter routes counts DescribeInstances too, so that its alarm stays on.',
    ],
    [
      'a filter of every event for something else',
      { filters: [filter('', { filterName: 'all' })] },
      'log group trail-events has no metric filter that matches CreateRoute, CreateRouteTable, DeleteRoute.',
    ],
    [
      'a name that begins another',
      { ...whole, filters: [filter('{ $.eventName = CreateRouteTable || $.eventName = DeleteRoute }')] },
      'filter routes misses CreateRoute.',
    ],
    [
      'a filter of users, which misses roles',
      {
        ...whole,
        filters: [
          filter('{ $.eventName = *Route* && $.userIdentity.type = IAMUser && $.readOnly IS FALSE }'),
        ],
      },
      'filter routes misses CreateRoute, CreateRouteTable, DeleteRoute.',
    ],
    [
      'a filter of one Region',
      {
        ...whole,
        filters: [filter(ROUTES.replace('{', '{ $.awsRegion = us-east-1 && (').replace('}', ')}'))],
      },
      'filter routes misses CreateRoute, CreateRouteTable, DeleteRoute.',
    ],
    [
      'an exclusion by a field that most events lack, which excludes those too',
      {
        ...whole,
        filters: [filter(ROUTES.replace('{', '{ $.userIdentity.invokedBy != x && (').replace('}', ')}'))],
      },
      'log group trail-events has no metric filter that matches CreateRoute, CreateRouteTable, DeleteRoute.',
    ],
    [
      'a pattern that cannot be read',
      { ...whole, filters: [filter('?CreateRoute ?DeleteRoute')] },
      'log group trail-events has no metric filter that matches CreateRoute, CreateRouteTable, DeleteRoute; filter routes cannot be read: its pattern is not one for JSON events.',
    ],
    [
      'a filter of transformed events',
      { ...whole, filters: [filter(ROUTES, { applyOnTransformedLogs: true })] },
      'log group trail-events has no metric filter that matches CreateRoute, CreateRouteTable, DeleteRoute; filter routes cannot be read: it reads transformed events.',
    ],
  ])('%s', async (_, account, found) => {
    const annotation = await annotationOf(account);
    expect(annotation).toBe(`${LEAD}${found}`);
    expect(annotation.length).toBeLessThanOrEqual(250);
  });
});

describe('what works is COMPLIANT', () => {
  test.each<[string, Account]>([
    [
      'a filter that matches more changes than it must',
      { ...whole, filters: [filter('{ $.eventName = "*Route*" && $.readOnly IS FALSE }')] },
    ],
    [
      'an ordinary name that the pattern excludes',
      { ...whole, filters: [filter('{ $.eventName = "*Route*" && $.eventName != "Describe*" }')] },
    ],
    [
      'a threshold of more than no event',
      { ...whole, alarms: [alarm({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' })] },
    ],
    ['one of three periods', { ...whole, alarms: [alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 1 })] }],
    ['any of several actions', { ...whole, alarms: [alarm({ AlarmActions: [FOREIGN_TOPIC, TOPIC] })] }],
    ['any of several alarms', { ...whole, alarms: [alarm({ AlarmName: 'a', Threshold: 9 }), alarm()] }],
    [
      'several filters that share the events',
      {
        ...whole,
        filters: [
          filter('{ $.eventName = CreateRoute || $.eventName = CreateRouteTable }', { filterName: 'create' }),
          filter('{ $.eventName = DeleteRoute }', { filterName: 'delete' }),
        ],
      },
    ],
    [
      'missing data that breaches, where the filter has a default',
      {
        filters: [
          filter(ROUTES, {
            metricTransformations: [
              { metricNamespace: 'Security', metricName: 'routes', metricValue: '1', defaultValue: 0 },
            ],
          }),
        ],
        alarms: [alarm({ TreatMissingData: 'breaching' })],
      },
    ],
    [
      'a trail that leaves out another service',
      {
        ...whole,
        status: {
          selectors: {
            EventSelectors: [
              {
                IncludeManagementEvents: true,
                ReadWriteType: 'All',
                ExcludeManagementEventSources: ['kms.amazonaws.com'],
              },
            ],
          },
        },
      },
    ],
  ])('%s', async (_, account) => {
    await expect(verdictOf(account)).resolves.toEqual({ complianceType: 'COMPLIANT' });
  });

  test('the threshold that the settings accept', async () => {
    const account = { ...whole, alarms: [alarm({ Threshold: 10 })] };
    await expect(verdictOf(account, { maxThreshold: 10 })).resolves.toEqual({ complianceType: 'COMPLIANT' });
  });

  test("another account's topic that the settings name as confirmed", async () => {
    const account = { ...whole, alarms: [alarm({ AlarmActions: [FOREIGN_TOPIC] })] };
    await expect(verdictOf(account, { confirmedTopicArns: [FOREIGN_TOPIC] })).resolves.toEqual({
      complianceType: 'COMPLIANT',
    });
  });
});

test('a trail without the events of the service itself is blind, whatever its alarm', async () => {
  const account: Account = {
    filters: [filter('{ $.eventName = DisableKey }')],
    alarms: [alarm()],
    status: {
      selectors: {
        EventSelectors: [
          {
            IncludeManagementEvents: true,
            ReadWriteType: 'All',
            ExcludeManagementEventSources: ['kms.amazonaws.com'],
          },
        ],
      },
    },
  };
  await expect(annotationOf(account, {}, onKeys)).resolves.toContain(
    'trail main leaves out kms.amazonaws.com.',
  );
});

describe('in an organization', () => {
  const elsewhere = describedTrail(MANAGEMENT, {
    CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${MANAGEMENT}:log-group:all:*`,
  });

  test.each([
    ['that shows its log group', elsewhere],
    ['that does not show one', describedTrail(MANAGEMENT)],
  ])(
    'a member with the trail of the organization %s is NOT_APPLICABLE, and judged where the alarms are',
    async (_, one) => {
      await expect(verdictOf({ trails: [one] })).resolves.toEqual({
        complianceType: 'NOT_APPLICABLE',
        annotation: `Trail main of ${MANAGEMENT} records this account; its alarms are judged in account ${MANAGEMENT}.`,
      });
    },
  );

  test('a member with a whole chain of its own is COMPLIANT', async () => {
    await expect(verdictOf({ ...whole, trails: [elsewhere, trail({ Name: 'own' })] })).resolves.toEqual({
      complianceType: 'COMPLIANT',
    });
  });

  test('a member is judged by its own trails when the trail of the organization is stopped', async () => {
    const account = { trails: [elsewhere], status: { status: { IsLogging: false } } };
    await expect(annotationOf(account)).resolves.toBe(`${LEAD}trail main is stopped.`);
  });

  test('the account with the log group is judged, also when another one owns the trail', async () => {
    const trails = [describedTrail(MANAGEMENT, { CloudWatchLogsLogGroupArn: LOG_GROUP_ARN })];
    await expect(verdictOf({ ...whole, trails })).resolves.toEqual({ complianceType: 'COMPLIANT' });
    await expect(annotationOf({ trails })).resolves.toContain('log group trail-events has no metric filter');
  });

  test('a filter of one account misses the events of the others', async () => {
    const trails = [trail({ IsOrganizationTrail: true })];
    const filters = [filter(ROUTES.replace('{', `{ $.recipientAccountId = ${ME} && (`).replace('}', ')}'))];
    await expect(verdictOf({ ...whole, filters })).resolves.toEqual({ complianceType: 'COMPLIANT' });
    await expect(annotationOf({ ...whole, trails, filters })).resolves.toBe(
      `${LEAD}filter routes misses CreateRoute, CreateRouteTable, DeleteRoute.`,
    );
  });

  test('a rule of the management account alone names the account that it cannot read', async () => {
    const trails = [
      trail({ CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:444455556666:log-group:all:*' }),
    ];
    await expect(annotationOf({ trails }, {}, onOrganization)).resolves.toContain(
      'trail main delivers to a log group of account 444455556666, which cannot be read here.',
    );
  });
});

describe('observe', () => {
  test('fifteen rules of a sweep load the chain once', async () => {
    const session = fakeAccount(rule.permissions.list, {
      ...whole,
      filters: [filter(ROUTES), filter('{ $.a = 1 }')],
    });
    const rules = Array.from({ length: 15 }, (_, index) =>
      ruleOn(`ALARM_${index}`, 'ec2.amazonaws.com', NAMES),
    );
    for (const one of rules) await Array.fromAsync(one.observe.list({ session }));
    // Filters and trails have two pages here.
    expect(session.sent.map(({ operation }) => operation).toSorted()).toEqual([
      'DescribeAlarms',
      'DescribeMetricFilters',
      'DescribeMetricFilters',
      'DescribeTrails',
      'GetEventSelectors',
      'GetTrailStatus',
      'ListSubscriptionsByTopic',
      'ListTrails',
      'ListTrails',
    ]);
  });

  test('get and list observe the same facts, without the pattern', async () => {
    const session = fakeAccount(rule.permissions.list, whole);
    const [listed] = await Array.fromAsync(rule.observe.list({ session }));
    const { facts } = await observed(whole);
    expect(listed).toEqual({ resource, facts });
    expect(JSON.stringify(facts)).not.toContain('$.');
  });

  test('the facts leave out filters and alarms of other events', async () => {
    const account = {
      filters: [...(whole.filters ?? []), filter('{ $.eventName = StopLogging }', { filterName: 'other' })],
      alarms: [alarm(), alarm({ AlarmName: 'cpu', Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' })],
    };
    expect((await observed(account)).facts).toEqual((await observed(whole)).facts);
  });

  test.each([
    ['DescribeMetricFilters', 'ThrottlingException'],
    ['DescribeMetricFilters', 'AccessDeniedException'],
    ['DescribeAlarms', 'AccessDenied'],
    ['ListSubscriptionsByTopic', 'ThrottledException'],
  ] as const)('a failing %s (%s) is an error, not a verdict', async (...failing) => {
    await expect(observed({ ...whole, failing })).rejects.toThrow(failing[1]);
  });
});

describe('fix', () => {
  const NAME = 'compliance-alarm-routes';
  const parameters = { snsTopicArn: TOPIC };
  const fixOf = async (account: Account, given: object = parameters) => {
    const { facts, handles = null } = await observed(account);
    return rule.fix?.({ ...context(given), resource, facts, handles });
  };
  const operationsOf = (fix: unknown) =>
    (fix as Change).steps.map((step) => (step.type === 'call' ? step.operation.name : step.type));

  test('creates a filter and an alarm of its own names beside those of others, and deletes exactly them again', async () => {
    const fix = await fixOf({ filters: [filter('{ $.eventName = CreateRoute }')], alarms: [alarm()] });
    expect(fix).toMatchObject({
      risk: 'safe',
      steps: [
        {
          operation: { name: 'PutMetricFilter' },
          region: 'us-east-1',
          input: {
            logGroupName: 'trail-events',
            filterName: NAME,
            filterPattern:
              '{ ($.eventSource = "ec2.amazonaws.com") && (($.eventName = "CreateRoute")||($.eventName = "CreateRouteTable")||($.eventName = "DeleteRoute")||($.eventName = "AssociateRouteTable")) }',
            metricTransformations: [{ metricNamespace: 'CISBenchmark', metricName: NAME, metricValue: '1' }],
          },
          undo: {
            operation: { name: 'DeleteMetricFilter' },
            region: 'us-east-1',
            input: { logGroupName: 'trail-events', filterName: NAME },
          },
        },
        {
          operation: { name: 'PutMetricAlarm' },
          region: 'us-east-1',
          input: {
            AlarmName: NAME,
            Namespace: 'CISBenchmark',
            MetricName: NAME,
            Threshold: 1,
            AlarmActions: [TOPIC],
          },
          undo: { operation: { name: 'DeleteAlarms' }, region: 'us-east-1', input: { AlarmNames: [NAME] } },
        },
      ],
    });
  });

  test('creates only the alarm where its filter is there already', async () => {
    const first = await fixOf({});
    const [put] = (first as Change).steps;
    const created = put?.type === 'call' ? put.input : {};
    expect(operationsOf(await fixOf({ filters: [created] }))).toEqual(['PutMetricAlarm']);
    await expect(fixOf({ filters: [created] }, { ...parameters, metricNamespace: 'Other' })).resolves.toEqual(
      {
        manual: expect.stringContaining(`Delete metric filter ${NAME}`),
      },
    );
  });

  test("another account's topic that the settings name as confirmed is notified", async () => {
    const given = { snsTopicArn: FOREIGN_TOPIC, confirmedTopicArns: [FOREIGN_TOPIC] };
    expect(operationsOf(await fixOf({}, given))).toEqual(['PutMetricFilter', 'PutMetricAlarm']);
  });

  test.each<[string, Account, object, string]>([
    ['no topic is set', {}, {}, 'Set the parameter snsTopicArn'],
    [
      'the topic has no confirmed subscription',
      { subscriptions: ['PendingConfirmation'] },
      parameters,
      `Confirm a subscription of ${TOPIC}`,
    ],
    [
      'the topic may not be read',
      {},
      { snsTopicArn: FOREIGN_TOPIC },
      `Confirm a subscription of ${FOREIGN_TOPIC}`,
    ],
    [
      'the topic is of another Region than the trail',
      {},
      { snsTopicArn: TOPIC.replace('us-east-1', 'eu-west-1') },
      'Set snsTopicArn to a topic of us-east-1',
    ],
    [
      'no trail delivers to a log group',
      { trails: [describedTrail(ME)] },
      parameters,
      'CLOUDTRAIL_ENABLE_CLOUDWATCH_LOGS',
    ],
    [
      'the log group takes no filters',
      { logGroupClass: 'INFREQUENT_ACCESS' },
      parameters,
      'is of class INFREQUENT_ACCESS',
    ],
    [
      'its filter was changed',
      { filters: [filter('{ $.a = 1 }', { filterName: NAME })] },
      parameters,
      `Delete metric filter ${NAME}`,
    ],
    [
      'its alarm is there already',
      { alarms: [alarm({ AlarmName: NAME })] },
      parameters,
      `Delete alarm ${NAME}`,
    ],
  ])('is left to a person when %s', async (_, account, given, words) => {
    await expect(fixOf(account, given)).resolves.toEqual({ manual: expect.stringContaining(words) });
  });
});
