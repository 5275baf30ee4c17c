import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  type DescribeLogGroupsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import {
  accessLogParameters,
  judgeAccessLog,
  observeAccessLog,
  observeAccessLogOnce,
  stageArn,
  stageOf,
} from '../src/index.ts';

const group = (name: string, accountId = '111122223333') =>
  `arn:aws:logs:eu-west-1:${accountId}:log-group:${name}`;

/** CloudWatch Logs with these groups. */
const logs = (...names: string[]) =>
  fakeSession({
    allow: ['logs:DescribeLogGroups'],
    answers: [
      on(
        CloudWatchLogsClient,
        DescribeLogGroupsCommand,
        ({ logGroupNamePrefix = '' }: DescribeLogGroupsCommandInput) => ({
          logGroups: names
            .filter((name) => name.startsWith(logGroupNamePrefix))
            .map((logGroupName) => ({ logGroupName })),
        }),
      ),
    ],
  });

test('a stage without a destination has no log, and costs no call', async () => {
  const session = logs();
  for (const none of [null, undefined, '']) {
    const facts = await observeAccessLog(none, session);
    expect(judgeAccessLog(facts)).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'The stage writes no access log.',
    });
  }
  expect(session.sent).toEqual([]);
});

test('a destination that was deleted is no logging, even if another group begins with its name', async () => {
  await expect(observeAccessLog(group('api'), logs('api'))).resolves.toMatchObject({ exists: true });
  const facts = await observeAccessLog(group('api'), logs('api-old'));
  expect(judgeAccessLog(facts)).toMatchObject({
    complianceType: 'NON_COMPLIANT',
    annotation: expect.stringContaining('log-group:api, which does not exist'),
  });
});

test('a delivery stream and a group of another account are taken to exist', async () => {
  const session = logs();
  const stream = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-a';
  for (const destination of [stream, group('api', '444455556666')])
    await expect(observeAccessLog(destination, session)).resolves.toEqual({ destination, exists: true });
  expect(session.sent).toEqual([]);
});

test('stages of one listing that share a destination cost one call', async () => {
  const session = logs('api');
  await Promise.all([
    observeAccessLogOnce(group('api'), session),
    observeAccessLogOnce(group('api'), session),
  ]);
  expect(session.sent).toHaveLength(1);
});

test('the stage $default has an ARN from which its names are read', () => {
  const stage = { apiId: 'a1b2', stageName: '$default' };
  const arn = stageArn('apis', stage, { partition: 'aws-cn', region: 'cn-north-1' });
  expect(arn).toBe('arn:aws-cn:apigateway:cn-north-1::/apis/a1b2/stages/$default');
  expect(stageOf(arn)).toEqual(stage);
  expect(() => stageOf('prod')).toThrow('Malformed id of a stage: prod');
});

test('a format without the id of the request, which API Gateway requires, is refused in the settings', () => {
  const parameters = accessLogParameters('routeKey');
  expect(JSON.parse(parameters.parse({}).format)).toMatchObject({
    requestId: '$context.requestId',
    routeKey: '$context.routeKey',
    ip: '$context.identity.sourceIp',
  });
  expect(parameters.safeParse({ format: '$context.status' }).success).toBe(false);
});
