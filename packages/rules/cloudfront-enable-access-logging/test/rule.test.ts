import {
  CloudFrontClient,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
  type DistributionConfig,
} from '@aws-sdk/client-cloudfront';
import {
  CloudWatchLogsClient,
  DescribeDeliveriesCommand,
  DescribeDeliverySourcesCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { distributionConfig, withLogging } from '../src/distribution-config.ts';
import type { Logging } from '../src/logging.ts';
import { rule } from '../src/rule.ts';

const BUCKET = 'cloudfront-logs-111122223333.s3.amazonaws.com';
const context = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const verdict = (logging: Partial<Logging>, parameters: object = {}) =>
  rule.judge({ legacy: false, delivered: false, realTime: false, ...logging }, context(parameters));

/** A stateful fake: one version of one distribution at a time. */
const cloudFront = () => {
  let etag = 'E1';
  let config = { Comment: 'shop', Logging: { Enabled: false } } as DistributionConfig;
  const session = fakeSession({
    allow: [...rule.permissions.list, ...rule.permissions.fix],
    answers: [
      on(CloudFrontClient, ListDistributionsCommand, () => ({
        DistributionList: {
          Marker: '',
          MaxItems: 100,
          IsTruncated: false,
          Quantity: 2,
          // The rule reads ids alone.
          Items: [{ Id: 'E-DENIED' }, { Id: 'E-SHOP' }] as never,
        },
      })),
      on(CloudFrontClient, GetDistributionConfigCommand, ({ Id }) => {
        if (Id === 'E-DENIED') throw awsError('AccessDenied');
        return { ETag: etag, DistributionConfig: config };
      }),
      on(CloudFrontClient, UpdateDistributionCommand, ({ IfMatch, DistributionConfig }) => {
        if (IfMatch !== etag) throw awsError('PreconditionFailed', 'changed', 412);
        config = DistributionConfig ?? config;
        etag = 'E2';
        return {};
      }),
      on(CloudWatchLogsClient, DescribeDeliverySourcesCommand, () => ({ deliverySources: [] })),
      on(CloudWatchLogsClient, DescribeDeliveriesCommand, () => ({ deliveries: [] })),
    ],
  });
  return { session, live: () => ({ etag, config }) };
};

test('standard logs count in both forms, and real-time logs only where the settings accept them', () => {
  expect(verdict({ legacy: true }).complianceType).toBe('COMPLIANT');
  expect(verdict({ delivered: true }).complianceType).toBe('COMPLIANT');
  expect(verdict({ realTime: true })).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: 'The distribution writes real-time logs alone, which may be a sample.',
  });
  expect(verdict({ realTime: true }, { acceptRealTimeLogs: true }).complianceType).toBe('COMPLIANT');
});

test('a bucket with another name is refused in the settings: the grant on ACLs does not reach it', () => {
  expect(rule.parameters.safeParse({ logBucket: BUCKET }).success).toBe(true);
  for (const logBucket of [
    'secrets.s3.amazonaws.com',
    'cloudfront-logs',
    'x-cloudfront-logs.s3.amazonaws.com',
  ])
    expect(rule.parameters.safeParse({ logBucket }).success).toBe(false);
});

test('without a bucket in the settings a person decides', () => {
  const facts = { legacy: false, delivered: false, realTime: false };
  const resource = { resourceType: rule.resourceType, resourceId: 'E-SHOP' };
  expect(rule.fix?.({ ...context({}), resource, facts, handles: undefined })).toEqual({
    manual: expect.stringContaining('logBucket'),
  });
});

test('an update keeps what it does not change, and is refused for a version that was replaced', async () => {
  const { session, live } = cloudFront();
  const read = await distributionConfig.read('E-SHOP', session);
  const edited = withLogging(read ?? distributionConfig.defaults, BUCKET, '');
  await distributionConfig.write('E-SHOP', edited, session);
  expect(live().config).toMatchObject({ Comment: 'shop', Logging: { Enabled: true, Bucket: BUCKET } });
  await expect(distributionConfig.write('E-SHOP', edited, session)).rejects.toThrow('changed');
});

test('a distribution that may not be read does not end the listing of the others', async () => {
  const { session } = cloudFront();
  const listed = await Array.fromAsync(rule.observe.list({ session }));
  expect(listed).toMatchObject([{ resource: { resourceId: 'E-DENIED' } }, { facts: { legacy: false } }]);
  expect(listed[0]).not.toHaveProperty('facts');
});
