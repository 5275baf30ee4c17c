import { AccountId } from '@compliance/core';
import { fakeSession } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { defineObjectEventRule } from '../src/define-object-event-rule.ts';
import { TRAIL_READS } from '../src/load-trails.ts';
import { NO_OBJECT_EVENTS } from '../src/object-events.ts';
import { describedTrail as described, fakeTrails, MANAGEMENT, ME } from '../src/testing/index.ts';

const rule = defineObjectEventRule({
  command: 'CLOUDTRAIL_LOG_S3_WRITE_EVENTS',
  half: 'writes',
  title: 'Trails record all writes of S3 objects',
  rationale: 'Reason.',
  controls: {},
});
const contextWith = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(ME),
  region: 'cn-north-1',
  partition: 'aws-cn',
  now: new Date('2026-11-20T12:00:00Z'),
});

type Trail = ReturnType<typeof rule.facts.parse>['trails'][number];
const all = { recorded: true, excludedBuckets: [], otherExclusions: [] };
const good: Trail = {
  name: 'main',
  homeRegion: 'cn-north-1',
  organization: false,
  multiRegion: true,
  logging: true,
  logBucket: 'logs',
  objectEvents: all,
};
const bare: Trail = { ...good, objectEvents: NO_OBJECT_EVENTS };
const unproven: Trail = {
  ...good,
  name: 'org',
  organization: true,
  objectEvents: null,
  unreadable: 'AccessDenied',
};

describe('judge', () => {
  const verdict = (trails: readonly Trail[], parameters: object = {}) =>
    rule.judge({ trails: [...trails] }, contextWith(parameters));
  const without = (...excludedBuckets: string[]): Trail => ({
    ...good,
    objectEvents: { ...all, excludedBuckets },
  });

  test.each([
    ['a trail that records all objects beside one that records none', [bare, good], {}],
    ['a trail without its own log bucket', [without('logs')], {}],
    [
      'a trail without a bucket that the settings tolerate',
      [without('scratch')],
      { excludeBuckets: ['scratch'] },
    ],
    ['a trail of the organization', [{ ...good, organization: true }], {}],
  ])('%s is COMPLIANT', (_, trails, parameters) => {
    expect(verdict(trails, parameters)).toEqual({ complianceType: 'COMPLIANT' });
  });

  const lead = 'No trail records all writes of S3 objects in all Regions';
  test.each([
    ['an account without a trail', [], `${lead}.`],
    ['a trail of one Region', [{ ...good, multiRegion: false }], `${lead}: main covers cn-north-1 only.`],
    ['a stopped trail', [{ ...good, logging: false }], `${lead}: main is stopped.`],
    ['a trail with the default selector', [bare], `${lead}: main records no writes.`],
    ['a trail without a bucket', [without('data')], `${lead}: main leaves out bucket data.`],
    [
      'a trail of the organization with selectors that may not be read',
      [unproven],
      `${lead}: org has event selectors that cannot be read (AccessDenied).`,
    ],
  ])('%s is NON_COMPLIANT', (_, trails, annotation) => {
    expect(verdict(trails)).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });
});

describe('observe', () => {
  const trailsOf = async (trail: ReturnType<typeof described>) => {
    const session = fakeSession({ allow: TRAIL_READS, answers: fakeTrails([trail]) });
    const observation = await rule.observe.get(
      { resourceType: 'AWS::::Account', resourceId: ME },
      { session },
    );
    return observation?.facts.trails;
  };

  test('the default selector of the organization’s trail is known to a member, and records no object', async () => {
    await expect(trailsOf(described(MANAGEMENT))).resolves.toMatchObject([
      { objectEvents: NO_OBJECT_EVENTS },
    ]);
  });

  test('selectors that a member may not read are not known', async () => {
    await expect(trailsOf(described(MANAGEMENT, { HasCustomEventSelectors: true }))).resolves.toMatchObject([
      { objectEvents: null, unreadable: 'TrailNotFoundException' },
    ]);
  });

  test('a trail that may not be read is not known either', async () => {
    await expect(trailsOf(described(ME, { Name: 'denied' }))).resolves.toMatchObject([
      { logging: null, objectEvents: null },
    ]);
  });
});

describe('fix', () => {
  const fix = (trails: readonly Trail[], parameters: object = { trailName: 'main' }) =>
    rule.fix?.({
      ...contextWith(parameters),
      resource: { resourceType: 'AWS::::Account', resourceId: ME },
      facts: { trails: [...trails] },
      handles: undefined,
    });

  test('the trail of the settings is extended in its home Region, and says which buckets it leaves out', () => {
    expect(fix([bare], { trailName: 'main', excludeBuckets: ['scratch'] })).toMatchObject({
      description: expect.stringContaining('except in logs, scratch'),
      steps: [{ type: 'edit', key: 'main', region: 'cn-north-1' }],
    });
  });

  test.each([
    ['an account where no trail is set', [bare], {}, 'trailName'],
    ['an account without the trail of the settings', [bare], { trailName: 'other' }, 'Create trail other'],
    [
      'the organization’s trail',
      [{ ...bare, organization: true }],
      { trailName: 'main' },
      'management account',
    ],
    [
      'a trail of one Region',
      [{ ...bare, multiRegion: false }],
      { trailName: 'main' },
      'covers cn-north-1 only',
    ],
    [
      'a trail beside one that may record the events',
      [bare, unproven],
      { trailName: 'main' },
      'Check whether trail org',
    ],
  ])('%s is left to a person', (_, trails, parameters, text) => {
    expect(fix(trails, parameters)).toEqual({ manual: expect.stringContaining(text) });
  });
});
