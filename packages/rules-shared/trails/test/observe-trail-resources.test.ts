import type { Trail as ApiTrail } from '@aws-sdk/client-cloudtrail';
import { AccountId, type Session } from '@compliance/core';
import type { ConfigurationItem } from '@compliance/core/rule';
import { fakeSession } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { TRAIL_READS } from '../src/load-trails.ts';
import { observeTrailResources } from '../src/observe-trail-resources.ts';
import { orThrow } from '../src/refused.ts';
import { describedTrail as described, fakeTrails, MANAGEMENT, ME } from '../src/testing/index.ts';

const HOME = 'eu-west-1';
const observe = observeTrailResources({
  read: async ({ Name, KmsKeyId = null, status }) => {
    orThrow(await status(), Name);
    return { key: KmsKeyId };
  },
  item: ({ kmsKeyId }) => ({ key: kmsKeyId }),
});

const cloudTrail = (...trails: readonly ApiTrail[]) =>
  fakeSession({ allow: TRAIL_READS, answers: fakeTrails(trails) });
const namesIn = async (session: Session) => {
  const listed = await Array.fromAsync(observe.list({ session }));
  return listed.map(({ resource }) => resource.resourceId);
};
const get = (resourceId: string, session: Session) =>
  observe.get({ resourceType: 'AWS::CloudTrail::Trail', resourceId }, { session });

test('a trail is observed in its home Region, and its shadow in another Region is not', async () => {
  const session = cloudTrail(described(ME, { HomeRegion: HOME }));
  await expect(namesIn(session)).resolves.toEqual(['main']);
  await expect(namesIn(session.at('us-east-1'))).resolves.toEqual([]);
  await expect(get('main', session.at('us-east-1'))).resolves.toBeUndefined();
});

test("the organization's trail is observed in the account that owns it, and not in a member", async () => {
  const session = cloudTrail(described(MANAGEMENT, { HomeRegion: HOME }));
  await expect(namesIn(session)).resolves.toEqual([]);
  await expect(get('main', session)).resolves.toBeUndefined();
});

test('a trail is found by its name and by its ARN', async () => {
  const trail = described(ME, { HomeRegion: HOME, KmsKeyId: 'key' });
  const observation = { facts: { key: 'key' }, identity: { resourceName: 'main', arn: trail.TrailARN } };
  await expect(get('main', cloudTrail(trail))).resolves.toEqual(observation);
  await expect(get(trail.TrailARN ?? '', cloudTrail(trail))).resolves.toEqual(observation);
});

test('a trail that was deleted since it was listed is gone', async () => {
  const session = cloudTrail(described(ME, { Name: 'deleted', HomeRegion: HOME }));
  await expect(namesIn(session)).resolves.toEqual([]);
  await expect(get('deleted', session)).resolves.toBeUndefined();
});

test('a trail that may not be read leaves the others their facts, and fails alone', async () => {
  const session = cloudTrail(
    described(ME, { Name: 'denied', HomeRegion: HOME }),
    described(ME, { HomeRegion: HOME }),
  );
  const listed = await Array.fromAsync(observe.list({ session }));
  expect(listed).toMatchObject([
    { resource: { resourceId: 'denied' } },
    { resource: { resourceId: 'main' }, facts: { key: null } },
  ]);
  expect(listed[0]).not.toHaveProperty('facts');
  await expect(get('denied', session)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a trail that is throttled ends the listing, which is tried again', async () => {
  const session = cloudTrail(described(ME, { Name: 'throttled', HomeRegion: HOME }));
  await expect(namesIn(session)).rejects.toThrow('ThrottlingException');
});

const item = (configuration: object): ConfigurationItem => ({
  accountId: AccountId.parse(ME),
  awsRegion: HOME,
  resourceType: 'AWS::CloudTrail::Trail',
  resourceId: 'main',
  status: 'OK',
  captureTime: new Date('2026-11-20T12:00:00Z'),
  configuration: {
    trailARN: `arn:aws:cloudtrail:${HOME}:${ME}:trail/main`,
    homeRegion: HOME,
    isOrganizationTrail: false,
    logFileValidationEnabled: true,
    kmsKeyId: '',
    ...configuration,
  },
  supplementary: {},
});

test('an item decides for a trail at home', () => {
  expect(observe.item?.(item({}))).toEqual({ facts: { key: null } });
});

test.each([
  ['a shadow', { homeRegion: 'us-east-1', trailARN: `arn:aws:cloudtrail:us-east-1:${ME}:trail/main` }],
  ["another account's trail", { trailARN: `arn:aws:cloudtrail:${HOME}:${MANAGEMENT}:trail/main` }],
  ['a trail with a missing member', { logFileValidationEnabled: undefined }],
])('an item of %s decides nothing', (_, configuration) => {
  expect(observe.item?.(item(configuration))).toBeUndefined();
});
