import { AccountId } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import type { LocalTrail } from '../src/local-trail.ts';
import { rule } from '../src/rule.ts';

const contextWith = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});

const GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:trail';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:trail';
const good: LocalTrail = {
  name: 'main',
  homeRegion: 'eu-west-1',
  organization: false,
  multiRegion: false,
  logging: true,
  bucket: 'logs',
  topic: TOPIC,
  logGroup: GROUP,
};
const organization: LocalTrail = {
  ...good,
  name: 'org',
  homeRegion: 'us-east-1',
  organization: true,
  multiRegion: true,
};
const stopped: LocalTrail = { ...good, name: 'old', logging: false };

describe('judge', () => {
  const verdict = (trails: readonly LocalTrail[], parameters: object = {}) =>
    rule.judge({ trails: [...trails] }, contextWith(parameters));

  test.each([
    ['a trail of the organization', [organization], {}],
    ['a trail beside a stopped one', [stopped, good], {}],
    [
      'a trail that delivers as the settings require',
      [good],
      { s3BucketName: 'logs', snsTopicArn: TOPIC, cloudWatchLogsLogGroupArn: `${GROUP}:*` },
    ],
  ])('%s is COMPLIANT', (_, trails, parameters) => {
    expect(verdict(trails, parameters)).toEqual({ complianceType: 'COMPLIANT' });
  });

  const lead = 'No trail records eu-west-1';
  test.each([
    ['an account without a trail', [], {}, `${lead}.`],
    ['a trail of another Region', [{ ...good, homeRegion: 'us-east-1' }], {}, `${lead}.`],
    ['a stopped trail', [stopped], {}, `${lead}: old is stopped.`],
    [
      'a trail that cannot deliver',
      [{ ...good, deliveryError: 'NoSuchBucket' }],
      {},
      `${lead}: main cannot deliver: NoSuchBucket.`,
    ],
    [
      'a trail that cannot be read',
      [{ ...good, logging: null, unreadable: 'AccessDenied' }],
      {},
      `${lead}: main cannot be read (AccessDenied).`,
    ],
    [
      'a trail that delivers to another bucket than the settings require',
      [{ ...good, logGroup: null }],
      { s3BucketName: 'central', cloudWatchLogsLogGroupArn: 'group' },
      `${lead}: main delivers to bucket logs, not central, delivers to log group none, not group.`,
    ],
  ])('%s is NON_COMPLIANT', (_, trails, parameters, annotation) => {
    expect(verdict(trails, parameters)).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });
});

describe('fix', () => {
  const fix = (trails: readonly LocalTrail[], parameters: object = {}) =>
    rule.fix?.({
      ...contextWith(parameters),
      resource: { resourceType: 'AWS::::Account', resourceId: '111122223333' },
      facts: { trails: [...trails] },
      handles: undefined,
    });

  test('a stopped trail is started in its home Region', () => {
    expect(fix([{ ...stopped, homeRegion: 'us-east-1', multiRegion: true }])).toMatchObject({
      steps: [{ region: 'us-east-1', input: { Name: 'old' }, undo: { region: 'us-east-1' } }],
    });
  });

  test.each([
    [
      'a stopped trail where the settings start none',
      [stopped],
      { startStoppedTrails: false },
      'Start trail old',
    ],
    ['a stopped trail of the organization', [{ ...organization, logging: false }], {}, 'MULTI_REGION'],
    [
      'a stopped trail that could not deliver',
      [{ ...stopped, deliveryError: 'NoSuchBucket' }],
      {},
      'correct one',
    ],
    ['a stopped trail of another Region', [{ ...stopped, homeRegion: 'us-east-1' }], {}, 'covers eu-west-1'],
  ])('%s is left to a person', (_, trails, parameters, text) => {
    expect(fix(trails, parameters)).toEqual({ manual: expect.stringContaining(text) });
  });
});
