import { GetMetricStatisticsCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import { AccountId, parseConfigurationItem, type SessionOptions } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { MetadataCalls } from '../src/metadata-calls.ts';
import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::EC2::Instance', resourceId: 'i-1' };

describe('the configuration item', () => {
  const itemWith = (configuration: object) =>
    rule.observe.item?.(
      parseConfigurationItem({
        awsAccountId: accountId,
        awsRegion: 'eu-west-1',
        ...resource,
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
        configuration: {
          state: { name: 'running' },
          metadataOptions: { state: 'applied', httpEndpoint: 'enabled', httpTokens: 'optional' },
          ...configuration,
        },
      }),
    )?.facts;

  test('an item decides without a call, also of a stopped instance', () => {
    const facts = { terminated: false, endpoint: 'enabled', tokens: 'optional' };
    expect(itemWith({})).toEqual(facts);
    expect(itemWith({ state: { name: 'stopped' } })).toEqual(facts);
  });

  test.for([
    ['from before AWS had metadata options', { metadataOptions: undefined }],
    [
      'recorded while its options changed',
      { metadataOptions: { state: 'pending', httpEndpoint: 'enabled', httpTokens: 'required' } },
    ],
    ['recorded while the instance started', { state: { name: 'pending' } }],
  ] as const)('an item %s gives no facts', ([, configuration]) => {
    expect(itemWith(configuration)).toBeUndefined();
  });
});

/** A stateful fake of an instance whose options are pending when first described, and applied afterwards. */
const changing = (share?: SessionOptions['share']) => {
  let described = 0;
  const instance = (): Instance => ({
    InstanceId: 'i-1',
    State: { Name: 'running' },
    MetadataOptions: {
      State: described++ === 0 ? 'pending' : 'applied',
      HttpEndpoint: 'enabled',
      HttpTokens: described === 1 ? 'optional' : 'required',
    },
  });
  return fakeSession({
    allow: [...rule.permissions.list, ...rule.permissions.get],
    answers: [
      on(EC2Client, DescribeInstancesCommand, () => ({ Reservations: [{ Instances: [instance()] }] })),
      on(CloudWatchClient, GetMetricStatisticsCommand, () => ({ Datapoints: [] })),
    ],
    ...(share && { share }),
  });
};

/** As a scan does: equal reads are sent once. */
const sharing = (): NonNullable<SessionOptions['share']> => {
  const answers = new Map<string, Promise<object>>();
  return (call, send) => {
    const answer = answers.get(JSON.stringify(call)) ?? send();
    answers.set(JSON.stringify(call), answer);
    // Equal calls have answers of one type.
    return answer as ReturnType<typeof send>;
  };
};

test('an instance whose options are changing is read again before it is judged', async () => {
  for (const session of [changing(), changing(sharing())])
    await expect(rule.observe.get(resource, { session })).resolves.toMatchObject({
      facts: { tokens: 'required' },
    });
  const listed = await Array.fromAsync(rule.observe.list({ session: changing() }));
  expect(listed).toEqual([{ resource: { ...resource, tags: {} } }]);
});

describe('fix', () => {
  const fixOf = (calls: readonly MetadataCalls[], parameters: object = {}) =>
    rule.fix?.({
      resource,
      facts: { terminated: false, endpoint: 'enabled', tokens: 'optional' },
      handles: { hopLimit: 1, calls: [...calls] },
      parameters: rule.parameters.parse(parameters),
      accountId,
      region: 'eu-west-1',
      partition: 'aws',
      now: new Date('2026-11-20T12:00:00Z'),
    });
  const none = { day: '2026-11-19', withoutToken: 0 };

  test('a fix sends the tokens alone, so that a disabled endpoint stays disabled', () => {
    expect(fixOf([none])).toMatchObject({
      description: 'Require a token for the calls of IMDS on i-1, without which it made no call in 14 days',
      steps: [{ input: { InstanceId: 'i-1', HttpTokens: 'required' } }],
    });
  });

  test('an instance that lately called without a token is left to a person', () => {
    expect(fixOf([{ day: '2026-11-07', withoutToken: 12 }, none])).toEqual({
      manual:
        'Update what runs on i-1 and require tokens: it called IMDS 12 times without a token on 2026-11-07.',
    });
  });

  test('calls from before the days of the settings do not matter', () => {
    expect(fixOf([{ day: '2026-11-05', withoutToken: 12 }, none])).toMatchObject({ risk: 'disruptive' });
  });

  test('an instance without data, such as a stopped one, is left to a person', () => {
    expect(fixOf([])).toMatchObject({ manual: expect.stringContaining('no data') });
  });
});
