import { describe, expect, test } from 'vitest';

import { isJudgeable, parseConfigurationItem } from '../../src/rule/configuration-item.ts';
import { SAMPLE_ACCESS_CONTROL_LIST, sampleApiItem, sampleItem } from '../../src/testing/sample-events.ts';

describe('parseConfigurationItem', () => {
  test('an item of an event and the same item of the API are parsed alike', () => {
    expect(parseConfigurationItem(sampleApiItem())).toEqual(parseConfigurationItem(sampleItem()));
  });

  test('an item is parsed into one form', () => {
    expect(parseConfigurationItem(sampleItem())).toMatchObject({
      accountId: '111122223333',
      awsRegion: 'eu-west-1',
      resourceType: 'AWS::S3::Bucket',
      resourceId: 'demo-logs',
      resourceName: 'demo-logs',
      arn: 'arn:aws:s3:::demo-logs',
      status: 'OK',
      captureTime: new Date('2026-11-20T10:15:30.123Z'),
      configuration: { name: 'demo-logs' },
      tags: { owner: 'team-a' },
    });
  });

  test.each([
    ['an event', sampleItem()],
    ['the API', sampleApiItem()],
  ])('the access control list is decoded, however often %s encoded it', (_, item) => {
    expect(parseConfigurationItem(item).supplementary['AccessControlList']).toEqual(
      SAMPLE_ACCESS_CONTROL_LIST,
    );
  });

  test.each<[string, unknown]>([
    ['a policy', JSON.stringify({ Version: '2012-10-17', Statement: [] })],
    ['a number', '14'],
    ['a word', 'Enabled'],
  ])('%s that is text in AWS Config stays text, from events and from the API', (_, text) => {
    const event = { ...sampleItem(), supplementaryConfiguration: { Policy: text } };
    const api = { ...sampleApiItem(), supplementaryConfiguration: { Policy: JSON.stringify(text) } };
    expect(parseConfigurationItem(event).supplementary).toEqual({ Policy: text });
    expect(parseConfigurationItem(api).supplementary).toEqual({ Policy: text });
  });

  test('a value of the API that is not JSON stays as it is', () => {
    const item = { ...sampleApiItem(), supplementaryConfiguration: { Status: 'Enabled' } };
    expect(parseConfigurationItem(item).supplementary).toEqual({ Status: 'Enabled' });
  });

  test.each<[string, object]>([
    ['null', { configuration: null }],
    ['absent', { configuration: undefined }],
    ['the text null', { configuration: 'null' }],
    ['empty text', { configuration: '' }],
  ])('a configuration that is %s is parsed as null', (_, members) => {
    expect(parseConfigurationItem({ ...sampleItem(), ...members }).configuration).toBeNull();
  });

  test('absent tags are not empty tags', () => {
    const { tags: _, ...untagged } = sampleItem();
    expect(parseConfigurationItem(untagged)).not.toHaveProperty('tags');
    expect(parseConfigurationItem({ ...untagged, tags: null })).not.toHaveProperty('tags');
    expect(parseConfigurationItem({ ...untagged, tags: {} }).tags).toEqual({});
  });

  test('absent and null names are left out', () => {
    const item = parseConfigurationItem({ ...sampleItem(), resourceName: null, ARN: undefined });
    expect(item).not.toHaveProperty('resourceName');
    expect(item).not.toHaveProperty('arn');
  });

  test('a missing supplementary configuration is empty', () => {
    const { supplementaryConfiguration: _, ...item } = sampleItem();
    expect(parseConfigurationItem(item).supplementary).toEqual({});
    expect(parseConfigurationItem({ ...item, supplementaryConfiguration: null }).supplementary).toEqual({});
  });

  test('a time with an offset is the same moment', () => {
    const item = { ...sampleItem(), configurationItemCaptureTime: '2026-11-20T11:15:30.123+01:00' };
    expect(parseConfigurationItem(item).captureTime).toEqual(new Date('2026-11-20T10:15:30.123Z'));
  });

  test.each<[string, unknown]>([
    ['a number of seconds', 1_795_169_730.123],
    ['a number of milliseconds', 1_795_169_730_123],
    ['a text of seconds', '1795169730.123'],
    ['a text of milliseconds', '1795169730123'],
    ['a text without a time zone, which is UTC', '2026-11-20T10:15:30.123'],
    ['a text with a space and without a time zone', '2026-11-20 10:15:30.123000'],
    ['a text with an offset without a colon', '2026-11-20T11:15:30.123+0100'],
    ['a text with an offset of hours', '2026-11-20 11:15:30.123+01'],
    ['a date', new Date('2026-11-20T10:15:30.123Z')],
  ])('a capture time that is %s is the same moment', (_, configurationItemCaptureTime) => {
    const item = parseConfigurationItem({ ...sampleItem(), configurationItemCaptureTime });
    expect(item.captureTime).toEqual(new Date('2026-11-20T10:15:30.123Z'));
  });

  test('a whole number of seconds is not taken for milliseconds', () => {
    const item = { ...sampleItem(), configurationItemCaptureTime: 1_795_169_730 };
    expect(parseConfigurationItem(item).captureTime).toEqual(new Date('2026-11-20T10:15:30Z'));
  });

  test.each<[unknown]>([
    ['2026-11-20'],
    ['2026-13-20T10:15:30Z'],
    ['2026-02-30T10:15:30'],
    ['2026-11-20T25:15:30'],
    ['-1795169730'],
    ['1e9'],
    [''],
    [Number.NaN],
    [null],
    [true],
  ])('the capture time %j is malformed', (configurationItemCaptureTime) => {
    expect(() => parseConfigurationItem({ ...sampleItem(), configurationItemCaptureTime })).toThrow(
      expect.objectContaining({ kind: 'permanent', code: 'malformed-item' }),
    );
  });

  test.each<[string, object]>([
    ['no account', { awsAccountId: undefined }],
    ['no type', { resourceType: '' }],
    ['no id', { resourceId: undefined }],
    ['a type that no audit event takes', { resourceType: 'x'.repeat(257) }],
    ['an id that no audit event takes', { resourceId: 'x'.repeat(769) }],
    ['no time', { configurationItemCaptureTime: undefined }],
    ['an invalid time', { configurationItemCaptureTime: 'soon' }],
    ['an unknown status', { configurationItemStatus: 'Odd' }],
    ['tags that are not texts', { tags: { owner: 1 } }],
  ])('an item with %s is malformed', (_, members) => {
    expect(() => parseConfigurationItem({ ...sampleItem(), ...members })).toThrow(
      expect.objectContaining({ kind: 'permanent', code: 'malformed-item' }),
    );
  });
});

test.each([
  ['OK', true],
  ['ResourceDiscovered', true],
  ['ResourceNotRecorded', false],
  ['ResourceDeleted', false],
  ['ResourceDeletedNotRecorded', false],
] as const)('a resource with status %s can be judged: %s', (status, judgeable) => {
  expect(isJudgeable({ status })).toBe(judgeable);
});
