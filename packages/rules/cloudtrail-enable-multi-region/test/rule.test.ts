import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail as CloudTrailTrail,
} from '@aws-sdk/client-cloudtrail';
import { AccountId, policyOf, remediateGrants, type Change, type Fix } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { TrailFacts } from '../src/observe-trails.ts';
import { cloudtrailEnableMultiRegion as rule } from '../src/rule.ts';
import type { Trail } from '../src/trail.ts';

const ME = '111122223333';
const MANAGEMENT = '999988887777';
const resource = { resourceType: 'AWS::::Account', resourceId: ME };
const contextWith = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(ME),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});

const good: Trail = {
  name: 'main',
  homeRegion: 'eu-west-1',
  organization: false,
  multiRegion: true,
  globalServiceEvents: true,
  logging: true,
  managementEvents: { reads: true, writes: true, excludedSources: [] },
};
const organization: Trail = { ...good, name: 'org', organization: true, managementEvents: null };
const withoutKms = { reads: true, writes: true, excludedSources: ['kms.amazonaws.com'] };

describe('judge', () => {
  const verdict = (trails: readonly Trail[], parameters: object = {}) =>
    rule.judge({ trails: [...trails] }, contextWith(parameters));

  test.each([
    ['one good trail', [good], {}],
    ['a good trail beside a bad one', [{ ...good, name: 'old', logging: false }, good], {}],
    ['a trail of the organization, whose selectors a member may not read,', [organization], {}],
    [
      'a trail that leaves out what the settings tolerate',
      [{ ...good, managementEvents: withoutKms }],
      { excludeManagementEventSources: ['kms.amazonaws.com'] },
    ],
  ] as const)('%s is COMPLIANT', (_, trails, parameters) => {
    expect(verdict(trails, parameters)).toEqual({ complianceType: 'COMPLIANT' });
  });

  const everywhere = 'No trail records all management events of all Regions:';
  test.each([
    ['an account without a trail', [], {}, 'No trail records the account.'],
    ['a stopped trail', [{ ...good, logging: false }], {}, `${everywhere} main is stopped.`],
    [
      'a trail of one Region',
      [{ ...good, multiRegion: false, globalServiceEvents: false }],
      {},
      `${everywhere} main covers eu-west-1 only, leaves out global services.`,
    ],
    [
      'a trail that cannot deliver',
      [{ ...good, deliveryError: 'AccessDenied' }],
      {},
      `${everywhere} main cannot deliver: AccessDenied.`,
    ],
    [
      'a trail that leaves out a source',
      [{ ...good, managementEvents: withoutKms }],
      {},
      `${everywhere} main leaves out kms.amazonaws.com.`,
    ],
    [
      'a trail of the organization where the settings require an own one',
      [organization],
      { acceptOrganizationTrail: false },
      'The account has no trail of its own.',
    ],
  ] as const)('%s is NON_COMPLIANT', (_, trails, parameters, annotation) => {
    expect(verdict(trails, parameters)).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });

  test('conditions met by different trails do not add up', () => {
    expect(
      verdict([
        { ...good, logging: false },
        { ...good, name: 'local', multiRegion: false },
      ]),
    ).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: `${everywhere} main is stopped; local covers eu-west-1 only.`,
    });
  });

  test('the annotation of many trails with long names is short enough', () => {
    const trails = Array.from({ length: 12 }, () => ({ ...good, name: 'x'.repeat(128), logging: false }));
    const { annotation } = { annotation: '', ...verdict(trails) };
    expect(annotation.length).toBeLessThan(250);
    expect(annotation).toMatch(/; and 10 more\.$/);
  });
});

describe('observe', () => {
  const described = (owner: string, overrides: Partial<CloudTrailTrail> = {}): CloudTrailTrail => ({
    Name: 'main',
    TrailARN: `arn:aws:cloudtrail:us-east-1:${owner}:trail/main`,
    HomeRegion: 'us-east-1',
    IsMultiRegionTrail: true,
    IncludeGlobalServiceEvents: true,
    IsOrganizationTrail: owner === MANAGEMENT,
    ...overrides,
  });

  /** A stateful fake: the emulator has no organization trail of another account and no failing delivery. */
  const cloudTrail = (trails: CloudTrailTrail[], delivery: { LatestDeliveryError?: string } = {}) => {
    const find = (arn = '') => {
      const found = trails.find(({ TrailARN }) => TrailARN === arn);
      if (!found || found.Name === 'deleted') throw awsError('TrailNotFoundException');
      return found;
    };
    return fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(CloudTrailClient, DescribeTrailsCommand, () => ({
          trailList: trails,
        })),
        on(CloudTrailClient, GetTrailStatusCommand, ({ Name }) => {
          find(Name);
          return { IsLogging: true, ...delivery };
        }),
        on(CloudTrailClient, GetEventSelectorsCommand, ({ TrailName }) => {
          const { IsOrganizationTrail } = find(TrailName);
          if (IsOrganizationTrail) throw awsError('TrailNotFoundException');
          return { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' as const }] };
        }),
      ],
    });
  };
  const trailsOf = async (session: ReturnType<typeof cloudTrail>) =>
    (await rule.observe.get(resource, { session }))?.facts.trails;

  test('a member sees a trail of the organization without asking for its selectors', async () => {
    const session = cloudTrail([described(MANAGEMENT)]);
    await expect(trailsOf(session)).resolves.toEqual([
      { ...organization, name: 'main', homeRegion: 'us-east-1' },
    ]);
    expect(session.sent.map(({ operation }) => operation)).toEqual(['DescribeTrails', 'GetTrailStatus']);
  });

  test('a delivery that fails is a fact, and one that works is not', async () => {
    await expect(
      trailsOf(cloudTrail([described(ME)], { LatestDeliveryError: 'NoSuchBucket' })),
    ).resolves.toEqual([{ ...good, homeRegion: 'us-east-1', deliveryError: 'NoSuchBucket' }]);
    await expect(trailsOf(cloudTrail([described(ME)], { LatestDeliveryError: '' }))).resolves.toEqual([
      { ...good, homeRegion: 'us-east-1' },
    ]);
  });

  test('a trail of this account that was deleted meanwhile is left out', async () => {
    await expect(trailsOf(cloudTrail([described(ME, { Name: 'deleted' })]))).resolves.toEqual([]);
  });

  test('a trail of the organization that cannot be read is an error, not a verdict', async () => {
    await expect(trailsOf(cloudTrail([described(MANAGEMENT, { Name: 'deleted' })]))).rejects.toThrow(
      'TrailNotFoundException',
    );
  });

  test('trails that may not be listed are an error, not a verdict', async () => {
    const session = fakeSession({ allow: [], answers: [] });
    await expect(rule.observe.get(resource, { session })).rejects.toThrow('cloudtrail:DescribeTrails');
  });

  test('sweeps share a listing of trails, and a fix reads them live', async () => {
    const session = cloudTrail([described(ME)]);
    const listings = () => session.sent.filter(({ operation }) => operation === 'DescribeTrails').length;
    await Array.fromAsync(rule.observe.list({ session }));
    await Array.fromAsync(rule.observe.list({ session }));
    expect(listings()).toBe(1);
    await rule.observe.get(resource, { session });
    expect(listings()).toBe(2);
  });
});

describe('fix', () => {
  const fix = (trails: readonly Trail[], parameters: object = {}) =>
    rule.fix?.({ ...contextWith(parameters), resource, facts: { trails: [...trails] }, handles: undefined });
  const callsOf = (found: Fix<TrailFacts> | undefined) =>
    changeOf(found).steps.map((step) =>
      step.type === 'call' ? [step.operation.name, step.region, step.input] : undefined,
    );

  test('a stopped trail is started in its home Region', () => {
    expect(callsOf(fix([{ ...good, homeRegion: 'us-east-1', logging: false }]))).toEqual([
      ['StartLogging', 'us-east-1', { Name: 'main' }],
    ]);
  });

  test('a trail of one Region is extended to all, and its undo restores what it was', () => {
    const change = fix([{ ...good, multiRegion: false, globalServiceEvents: false }]);
    expect(callsOf(change)).toEqual([
      [
        'UpdateTrail',
        'eu-west-1',
        { Name: 'main', IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true },
      ],
    ]);
    expect(changeOf(change).steps[0]).toMatchObject({
      undo: {
        input: { Name: 'main', IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false },
        region: 'eu-west-1',
      },
    });
  });

  test('the trail with the fewest shortcomings is fixed', () => {
    const far = { ...good, name: 'far', multiRegion: false, logging: false };
    const near = { ...good, name: 'near', logging: false };
    expect(callsOf(fix([far, near]))).toEqual([['StartLogging', 'eu-west-1', { Name: 'near' }]]);
  });

  test('an account without a trail gets one that delivers to the log bucket and is started', () => {
    const change = fix([], { s3BucketName: 'logs', kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' });
    expect(callsOf(change)).toEqual([
      [
        'CreateTrail',
        'eu-west-1',
        {
          Name: 'compliance-multi-region',
          S3BucketName: 'logs',
          IsMultiRegionTrail: true,
          IncludeGlobalServiceEvents: true,
          EnableLogFileValidation: true,
          KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1',
        },
      ],
      ['StartLogging', 'eu-west-1', { Name: 'compliance-multi-region' }],
    ]);
  });

  test.each([
    ['a missing bucket', [], {}, 's3BucketName'],
    [
      'a stopped trail of the organization',
      [{ ...organization, logging: false }],
      { s3BucketName: 'logs' },
      'management account',
    ],
    [
      'a bucket that refuses the trail',
      [{ ...good, deliveryError: 'AccessDenied' }],
      { s3BucketName: 'logs' },
      'cannot deliver: AccessDenied',
    ],
    [
      'a selector that leaves out a source',
      [{ ...good, managementEvents: withoutKms }],
      { s3BucketName: 'logs' },
      'kms',
    ],
  ] as const)('%s is left to a person', (_, trails, parameters, text) => {
    expect(fix(trails, parameters)).toEqual({ manual: expect.stringContaining(text) });
  });

  test('an account gets its own trail where the settings do not accept the organization’s', () => {
    const parameters = { acceptOrganizationTrail: false, s3BucketName: 'logs' };
    expect(callsOf(fix([organization], parameters)).map((step) => step?.[0])).toEqual([
      'CreateTrail',
      'StartLogging',
    ]);
  });
});

test('the name of a new trail must be one that CloudTrail accepts', () => {
  const isName = (trailName: string) => rule.parameters.safeParse({ trailName }).success;
  expect(['abc', 'a.b_c-1', 'x'.repeat(128)].filter((name) => !isName(name))).toEqual([]);
  expect(['ab', '-abc', 'abc-', 'a--b', 'a b c', 'x'.repeat(129)].filter(isName)).toEqual([]);
});

test('the actions of fix and undo are granted on trails only', () => {
  const writes = policyOf(remediateGrants(rule)).Statement.filter(({ Action }) =>
    Action.includes('cloudtrail:StopLogging'),
  );
  expect(writes.map(({ Resource }) => Resource)).toEqual([['arn:*:cloudtrail:*:*:trail/*']]);
});

const changeOf = (fix: Fix<TrailFacts> | undefined): Change<TrailFacts> => {
  if (!fix || 'manual' in fix) throw new Error(`Expected a change, not ${JSON.stringify(fix)}.`);
  return fix;
};
