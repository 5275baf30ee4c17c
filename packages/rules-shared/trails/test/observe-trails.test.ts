import type { Trail as ApiTrail } from '@aws-sdk/client-cloudtrail';
import type { Session } from '@compliance/core';
import { fakeSession } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { loadTrails, loadTrailsOfRegion, TRAIL_READS } from '../src/load-trails.ts';
import { observeAccountTrails, observeEach, observeTrail } from '../src/observe-trails.ts';
import { describedTrail as described, fakeTrails, MANAGEMENT, ME } from '../src/testing/index.ts';
import type { Trail } from '../src/trail.ts';

const good: Trail = {
  name: 'main',
  homeRegion: 'us-east-1',
  organization: false,
  multiRegion: true,
  globalServiceEvents: true,
  logging: true,
  managementEvents: { reads: true, writes: true, excludedSources: [] },
};
const organization: Trail = { ...good, organization: true };
/** A trail of the organization whose custom selectors a member may not read. */
const unproven: Trail = { ...organization, managementEvents: null, unreadable: 'TrailNotFoundException' };
const unread: Trail = {
  ...good,
  name: 'denied',
  logging: null,
  managementEvents: null,
  unreadable: 'AccessDeniedException',
};

const cloudTrail = (trails: readonly ApiTrail[], status: { LatestDeliveryError?: string } = {}) =>
  fakeSession({ allow: TRAIL_READS, answers: fakeTrails(trails, { status }) });
const trailsOf = async (session: Session) => observeEach(await loadTrails(session, 'live'), observeTrail);

test('a member sees a trail of the organization without asking for its selectors', async () => {
  const session = cloudTrail([described(MANAGEMENT)]);
  await expect(trailsOf(session)).resolves.toEqual([organization]);
  expect(session.sent.map(({ operation }) => operation)).not.toContain('GetEventSelectors');
});

test('a member that may not read the custom selectors of the organization does not know what they record', async () => {
  const custom = described(MANAGEMENT, { HasCustomEventSelectors: true });
  await expect(trailsOf(cloudTrail([custom]))).resolves.toEqual([unproven]);
});

test('one trail that cannot be read leaves the others their facts', async () => {
  const denied = described(ME, { Name: 'denied' });
  await expect(trailsOf(cloudTrail([denied, described(ME)]))).resolves.toEqual([unread, good]);
});

test('a trail that is throttled is a failure, which is tried again', async () => {
  await expect(trailsOf(cloudTrail([described(ME, { Name: 'throttled' })]))).rejects.toThrow(
    'ThrottlingException',
  );
});

const local = (Name = 'main') =>
  described(ME, {
    Name,
    IsMultiRegionTrail: false,
    IncludeGlobalServiceEvents: false,
  });

test('a trail of another Region alone is described, and read, in its home Region', async () => {
  const session = cloudTrail([local(), described(ME, { Name: 'all' })]);
  const regions: string[] = [];
  const recorded = {
    ...session,
    at: (region: string) => {
      regions.push(region);
      return session.at(region);
    },
  };
  await expect(trailsOf(recorded)).resolves.toEqual([
    { ...good, multiRegion: false, globalServiceEvents: false },
    { ...good, name: 'all' },
  ]);
  expect(new Set(regions)).toEqual(new Set(['us-east-1']));
  expect(session.sent.filter(({ operation }) => operation === 'DescribeTrails')).toHaveLength(2);
});

test('a trail whose home Region refuses to describe it is known by its name', async () => {
  await expect(trailsOf(cloudTrail([local('hidden')]))).resolves.toEqual([
    { ...unread, name: 'hidden', multiRegion: false, unreadable: 'AccessDenied' },
  ]);
});

test('a delivery that fails is a fact, and one that works is not', async () => {
  await expect(
    trailsOf(cloudTrail([described(ME)], { LatestDeliveryError: 'NoSuchBucket' })),
  ).resolves.toEqual([{ ...good, deliveryError: 'NoSuchBucket' }]);
  await expect(trailsOf(cloudTrail([described(ME)], { LatestDeliveryError: '' }))).resolves.toEqual([good]);
});

test('a trail of this account that was deleted meanwhile is left out', async () => {
  await expect(trailsOf(cloudTrail([described(ME, { Name: 'deleted' })]))).resolves.toEqual([]);
});

test('a trail of the organization that CloudTrail does not show to a member is known, but not read', async () => {
  await expect(trailsOf(cloudTrail([described(MANAGEMENT, { Name: 'deleted' })]))).resolves.toEqual([
    {
      ...unread,
      name: 'deleted',
      organization: true,
      unreadable: 'TrailNotFoundException',
    },
  ]);
});

test('trails that may not be listed are an error, not a verdict', async () => {
  const session = fakeSession({ allow: [], answers: [] });
  await expect(trailsOf(session)).rejects.toThrow('cloudtrail:DescribeTrails');
});

test('a trail without an ARN, a name or a home Region is an error, not a verdict', async () => {
  await expect(trailsOf(cloudTrail([{ Name: 'main', IsMultiRegionTrail: true }]))).rejects.toThrow(
    'a trail has no ARN, name or home Region',
  );
});

test('the rules of a sweep read each fact of a trail once, and a fix reads it live', async () => {
  const session = cloudTrail([described(ME), local('local')]);
  const observe = observeAccountTrails(async (trails) => ({
    trails: await observeEach(trails, observeTrail),
  }));
  const calls = () =>
    Object.entries(Object.groupBy(session.sent, ({ operation }) => operation)).map(
      ([operation, sent = []]) => `${operation} ${sent.length}`,
    );
  const once = ['DescribeTrails 2', 'ListTrails 2', 'GetTrailStatus 2', 'GetEventSelectors 2'];
  await Array.fromAsync(observe.list({ session }));
  expect(calls()).toEqual(once);
  await Array.fromAsync(observe.list({ session }));
  await loadTrailsOfRegion(session, 'shared');
  await loadTrailsOfRegion(session.at('us-east-1'), 'shared');
  expect(calls()).toEqual(once);
  await observe.get({ resourceType: 'AWS::::Account', resourceId: ME }, { session });
  expect(calls()).toEqual(['DescribeTrails 4', 'ListTrails 4', 'GetTrailStatus 4', 'GetEventSelectors 4']);
});

test('a Region has the trails of this account whose home it is, and no shadows', async () => {
  const session = cloudTrail([
    described(ME, { Name: 'shadow' }),
    described(ME, { HomeRegion: 'eu-west-1' }),
    described(MANAGEMENT, { Name: 'organization', HomeRegion: 'eu-west-1' }),
  ]);
  const trails = await loadTrailsOfRegion(session, 'live');
  expect(trails.map(({ Name }) => Name)).toEqual(['main']);
  expect(session.sent).toHaveLength(1);
});
