import { AccountId, policyOf, remediateGrants, type Change, type Fix } from '@compliance/core';
import type { Trail } from '@compliance/trails';
import { ME } from '@compliance/trails/testing';
import { describe, expect, test } from 'vitest';

import { cloudtrailEnableMultiRegion as rule } from '../src/rule.ts';
import type { TrailFacts } from '../src/trail-facts.ts';

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
const organization: Trail = { ...good, name: 'org', organization: true };
/** A trail of the organization whose custom selectors a member may not read. */
const unproven: Trail = { ...organization, managementEvents: null, unreadable: 'TrailNotFoundException' };
const unread: Trail = {
  ...good,
  name: 'unread',
  logging: null,
  managementEvents: null,
  unreadable: 'AccessDeniedException',
};
const withoutAssumeRole: Trail = {
  ...good,
  managementEvents: {
    reads: true,
    writes: true,
    excludedSources: [],
    otherExclusions: ['eventName AssumeRole'],
  },
};
const withoutKms = { reads: true, writes: true, excludedSources: ['kms.amazonaws.com'] };

describe('judge', () => {
  const verdict = (trails: readonly Trail[], parameters: object = {}) =>
    rule.judge({ trails: [...trails] }, contextWith(parameters));

  test.each([
    ['one good trail', [good], {}],
    ['a good trail beside a bad one', [{ ...good, name: 'old', logging: false }, good], {}],
    ['a trail of the organization with the default selector', [organization], {}],
    ['a good trail beside one that cannot be read', [unread, good], {}],
    ['a good trail beside a trail of the organization with unreadable selectors', [unproven, good], {}],
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
      'a trail that leaves out one event name',
      [withoutAssumeRole],
      { excludeManagementEventSources: ['kms.amazonaws.com'] },
      `${everywhere} main leaves out eventName AssumeRole.`,
    ],
    [
      'a trail of the organization with unreadable custom selectors',
      [unproven],
      {},
      `${everywhere} org has event selectors that cannot be read (TrailNotFoundException).`,
    ],
    [
      'a trail that cannot be read',
      [unread],
      {},
      `${everywhere} unread cannot be read (AccessDeniedException).`,
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

  const annotation = (...trails: readonly Trail[]) => {
    const { annotation: text } = { annotation: '', ...verdict(trails) };
    expect(text).toMatch(/^[\x20-\x7E]{1,250}$/);
    return text;
  };

  test('the annotation of many trails with long names is short enough', () => {
    const trails = Array.from({ length: 12 }, () => ({ ...good, name: 'x'.repeat(128), logging: false }));
    expect(annotation(...trails)).toMatch(/x is stopped; x+\.\.\.x+ is stopped; and 10 more\.$/);
  });

  test('a long name is shortened in the annotation, and the reasons are not', () => {
    const name = `${'a'.repeat(64)}-${'z'.repeat(63)}`;
    const bad: Trail = {
      ...good,
      name,
      multiRegion: false,
      globalServiceEvents: false,
      logging: false,
      deliveryError: 'NoSuchBucket',
    };
    const reasons =
      'covers eu-west-1 only, leaves out global services, is stopped, cannot deliver: NoSuchBucket';
    expect(annotation(bad)).toContain(` ${reasons}.`);
    expect(annotation(bad)).toMatch(/: a+\.\.\.z+ covers/);
    expect(annotation(bad, { ...bad, name: 'b' })).toMatch(
      /: a+\.\.\.z+ covers .*, cannot deliver: NoSuchBucket; and 1 more\.$/,
    );
  });

  test('the annotation has room for all reasons that a trail can have at once', () => {
    const worst: Trail = {
      ...good,
      name: 'x'.repeat(128),
      homeRegion: 'ap-northeast-1',
      multiRegion: false,
      globalServiceEvents: false,
      logging: false,
      deliveryError: 'InvalidAccessKeyId',
      managementEvents: {
        reads: true,
        writes: false,
        excludedSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'],
      },
    };
    expect(annotation(worst, worst)).toMatch(
      /: x+\.\.\.x+ covers .* leaves out writes, kms\.amazonaws\.com, rdsdata\.amazonaws\.com; and 1 more\.$/,
    );
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

  test('a trail of another Region is extended there, and no second trail is created', () => {
    const elsewhere = { ...good, homeRegion: 'us-east-1', multiRegion: false, logging: false };
    const change = fix([elsewhere], { s3BucketName: 'logs' });
    expect(callsOf(change)).toEqual([
      [
        'UpdateTrail',
        'us-east-1',
        { Name: 'main', IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true },
      ],
      ['StartLogging', 'us-east-1', { Name: 'main' }],
    ]);
    expect(changeOf(change).steps).toMatchObject([
      { undo: { region: 'us-east-1' } },
      { undo: { region: 'us-east-1' } },
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
      'a trail of the organization that may record everything beside a stopped one',
      [unproven, { ...good, logging: false }],
      { s3BucketName: 'logs' },
      "Check trail org in eu-west-1 from the organization's management account: it has event selectors",
    ],
    [
      'a trail that cannot be read beside a stopped one',
      [unread, { ...good, logging: false }],
      { s3BucketName: 'logs' },
      'Check trail unread in eu-west-1: it cannot be read (AccessDeniedException).',
    ],
    [
      'a trail of another Region that cannot be described',
      [{ ...unread, homeRegion: 'us-east-1', multiRegion: false }],
      { s3BucketName: 'logs' },
      'Fix trail unread in us-east-1: it covers us-east-1 only, cannot be read (AccessDeniedException).',
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
