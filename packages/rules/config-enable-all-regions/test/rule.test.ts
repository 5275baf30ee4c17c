import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeDeliveryChannelsCommand,
  type ConfigurationRecorder,
} from '@aws-sdk/client-config-service';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { RegionFacts } from '../src/recorders.ts';
import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::::Account', resourceId: ACCOUNT };
const contextWith = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(ACCOUNT),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});

const RECORDER: NonNullable<RegionFacts['recorder']> = {
  name: 'default',
  recording: true,
  lastStatus: 'success',
  serviceLinkedRole: true,
  scope: 'all',
  excluded: [],
  globalTypes: true,
};
const regionWith = (recorder: object, facts: Partial<RegionFacts> = {}): RegionFacts => ({
  region: 'eu-west-1',
  recorder: { ...RECORDER, ...recorder },
  deliveryChannel: true,
  ...facts,
});
const reason = (regions: readonly RegionFacts[], parameters: object = {}) => {
  const verdict = rule.judge({ regions: [...regions] }, contextWith(parameters));
  return 'annotation' in verdict
    ? verdict.annotation.replace('AWS Config does not record everything: ', '')
    : undefined;
};

describe('judge', () => {
  test.for([
    [{ recording: false }, 'eu-west-1 has a stopped recorder.'],
    [{ lastStatus: 'failure' }, 'eu-west-1 has the last status failure.'],
    [{ scope: 'inclusions' }, 'eu-west-1 records listed types only.'],
    [{ scope: 'exclusions', excluded: ['AWS::S3::Bucket'] }, 'eu-west-1 excludes AWS::S3::Bucket.'],
    [{ globalTypes: false }, 'no Region records the types of IAM.'],
  ] as const)('a recorder with %j is not enough', ([recorder, annotation]) => {
    expect(reason([regionWith(recorder)])).toBe(annotation);
  });

  test('a Region needs a recorder, a delivery channel and to be readable', () => {
    const good = regionWith({});
    expect(reason([good])).toBeUndefined();
    expect(reason([good, regionWith({}, { region: 'us-east-1', recorder: null })])).toBe(
      'us-east-1 has no recorder.',
    );
    expect(reason([regionWith({}, { deliveryChannel: false })])).toBe('eu-west-1 has no delivery channel.');
    expect(reason([good, regionWith({}, { region: 'us-east-1', unreadable: 'AccessDeniedException' })])).toBe(
      'us-east-1 cannot be read (AccessDeniedException).',
    );
  });

  test('the types of IAM are recorded in one Region, not in all, and in none that AWS Config opened late', () => {
    const elsewhere = regionWith({ globalTypes: false }, { region: 'us-east-1' });
    expect(reason([regionWith({}), elsewhere])).toBeUndefined();
    expect(reason([regionWith({}), elsewhere], { globalTypesRegion: 'us-east-1' })).toBe(
      'us-east-1 does not record the types of IAM.',
    );
    expect(reason([regionWith({}, { region: 'eu-south-2' })])).toBe('no Region records the types of IAM.');
  });

  test('the settings may allow exclusions, and require the service-linked role', () => {
    const excluding = regionWith({ scope: 'exclusions', excluded: ['AWS::S3::Bucket'] });
    expect(reason([excluding], { allowExclusions: ['AWS::S3::Bucket'] })).toBeUndefined();
    const ownRole = regionWith({ serviceLinkedRole: false });
    expect(reason([ownRole])).toBeUndefined();
    expect(reason([ownRole], { requireServiceLinkedRole: true })).toContain('service-linked');
  });
});

test('a fix starts what is stopped, and leaves the rest to a person', () => {
  const regions = [regionWith({ recording: false }), regionWith({}, { region: 'us-east-1', recorder: null })];
  expect(rule.fix?.({ ...contextWith({}), resource, facts: { regions }, handles: undefined })).toMatchObject({
    steps: [{ region: 'eu-west-1', undo: { region: 'eu-west-1' } }],
    effectiveAfter: { manual: expect.stringContaining('us-east-1 has no recorder') },
  });
});

describe('observe', () => {
  const sessionWith = (recorders: ConfigurationRecorder[]) =>
    fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(EC2Client, DescribeRegionsCommand, () => ({
          Regions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }],
        })),
        on(ConfigServiceClient, DescribeConfigurationRecordersCommand, (_, region) => {
          if (region === 'us-east-1') throw awsError('AccessDeniedException', 'denied', 403);
          return { ConfigurationRecorders: recorders };
        }),
        on(ConfigServiceClient, DescribeConfigurationRecorderStatusCommand, () => ({
          ConfigurationRecordersStatus: recorders.map(({ name }) => ({
            name,
            recording: true,
            lastStatus: 'Success' as const,
          })),
        })),
        on(ConfigServiceClient, DescribeDeliveryChannelsCommand, () => ({
          DeliveryChannels: [{ name: 'd' }],
        })),
      ],
    });

  const observed = async (recorders: ConfigurationRecorder[]) => {
    const session = sessionWith(recorders);
    const answer = await rule.observe.get(resource, { session });
    return answer?.facts.regions;
  };

  test('each Region is seen by itself, and one that denies the look does not hide the others', async () => {
    const recordingGroup = { allSupported: true, includeGlobalResourceTypes: true };
    const roleARN = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
    expect(await observed([{ name: 'default', roleARN, recordingGroup }])).toEqual([
      regionWith({}),
      { region: 'us-east-1', recorder: null, deliveryChannel: false, unreadable: 'AccessDeniedException' },
    ]);
  });

  test.for([
    { servicePrincipal: 'service.amazonaws.com' },
    { connectorArn: 'arn:aws:config:eu-west-1:111122223333:connector/c' },
    { recordingScope: 'INTERNAL' as const },
  ])('the recorder of an AWS service, with %j, does not count', async (linked) => {
    expect((await observed([{ name: 'ForService', ...linked }]))?.[0]).toMatchObject({ recorder: null });
  });

  test('a Region without a recorder is asked for nothing else', async () => {
    const session = sessionWith([]);
    await rule.observe.get(resource, { session });
    expect(session.sent.map(({ operation }) => operation)).toEqual([
      'DescribeRegions',
      'DescribeConfigurationRecorders',
      'DescribeConfigurationRecorders',
    ]);
  });

  test('a recorder that leaves out types records the others, and daily recording counts', async () => {
    const daily: ConfigurationRecorder = {
      name: 'default',
      roleARN: 'arn:aws:iam::111122223333:role/config',
      recordingMode: { recordingFrequency: 'DAILY' },
      recordingGroup: {
        recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
        exclusionByResourceTypes: { resourceTypes: ['AWS::IAM::User'] },
      },
    };
    expect((await observed([daily]))?.[0]?.recorder).toEqual({
      ...RECORDER,
      serviceLinkedRole: false,
      scope: 'exclusions',
      excluded: ['AWS::IAM::User'],
      globalTypes: false,
    });
  });
});
