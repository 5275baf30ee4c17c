import { AccountId } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { readDelivery, type Delivery } from '../src/delivery.ts';
import { rule } from '../src/rule.ts';

const contextWith = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'cn-north-1',
  partition: 'aws-cn',
  now: new Date('2026-11-20T12:00:00Z'),
});

const working: Delivery = { organization: false, logGroup: '/trail', delivered: '2026-11-20T11:55:00.000Z' };
const day = '2026-11-19T12:00:00.000Z';

describe('judge', () => {
  test.each([
    ['a trail that delivered minutes ago', working, {}],
    ['a trail that delivered a day ago', { ...working, delivered: day }, {}],
    ['a new trail, which has not delivered yet', { ...working, delivered: null }, {}],
  ])('%s is COMPLIANT', (_, facts, parameters) => {
    expect(rule.judge(facts, contextWith(parameters))).toEqual({ complianceType: 'COMPLIANT' });
  });

  test.each([
    [
      'a trail whose last delivery is older than the settings allow',
      { ...working, delivered: day },
      { maxHoursSinceDelivery: 6 },
      `The last delivery to the log group was at ${day}.`,
    ],
    [
      'a trail whose last delivery failed',
      { ...working, error: 'Access denied' },
      {},
      'The trail cannot deliver to its log group: Access denied.',
    ],
  ])('%s is NON_COMPLIANT', (_, facts, parameters, annotation) => {
    expect(rule.judge(facts, contextWith(parameters))).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation,
    });
  });
});

describe('observe', () => {
  const Name = 'main';
  const CloudWatchLogsLogGroupArn = 'arn:aws:logs:eu-west-1:111122223333:log-group:/trail:*';
  const answering = (answer: object) => async () => ({ $metadata: {}, ...answer });

  test('the name of the log group is without the suffix of its ARN, and the delivery is dated', async () => {
    const status = answering({ LatestCloudWatchLogsDeliveryTime: new Date(day) });
    await expect(readDelivery({ Name, CloudWatchLogsLogGroupArn, status })).resolves.toEqual({
      ...working,
      delivered: day,
    });
  });

  test('an error of the last delivery is a fact', async () => {
    const status = answering({ LatestCloudWatchLogsDeliveryError: 'Access denied' });
    await expect(readDelivery({ Name, CloudWatchLogsLogGroupArn, status })).resolves.toEqual({
      ...working,
      delivered: null,
      error: 'Access denied',
    });
  });

  test('a trail that may not be read is an error, not a verdict', async () => {
    const status = async () => ({ unreadable: 'AccessDeniedException' });
    await expect(readDelivery({ Name, CloudWatchLogsLogGroupArn, status })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('the status of a trail without a log group is not read', async () => {
    const status = () => Promise.reject(new Error('read'));
    await expect(readDelivery({ Name, CloudWatchLogsLogGroupArn: '', status })).resolves.toMatchObject({
      logGroup: null,
    });
  });
});

describe('fix', () => {
  const resource = { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'main' };
  const fix = (facts: Delivery, parameters: object = {}) =>
    rule.fix?.({ ...contextWith(parameters), resource, facts, handles: undefined });
  const none: Delivery = { organization: false, logGroup: null, delivered: null };

  test('the log group is one of the trail’s account and home Region, in its partition', () => {
    const deliveryRoleArn = 'arn:aws-cn:iam::111122223333:role/trail';
    expect(fix(none, { deliveryRoleArn, logGroupName: 'trail' })).toMatchObject({
      steps: [
        {
          input: {
            Name: 'main',
            CloudWatchLogsLogGroupArn: 'arn:aws-cn:logs:cn-north-1:111122223333:log-group:trail:*',
            CloudWatchLogsRoleArn: deliveryRoleArn,
          },
        },
      ],
    });
  });

  test.each([
    ['a trail without a log group where no role is set', none, 'deliveryRoleArn'],
    ['a trail that cannot deliver', { ...working, error: 'Access denied' }, 'log group /trail'],
  ])('%s is left to a person', (_, facts, text) => {
    expect(fix(facts)).toEqual({ manual: expect.stringContaining(text) });
  });
});
