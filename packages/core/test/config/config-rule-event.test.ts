import { describe, expect, test } from 'vitest';

import { parseConfigRuleEvent } from '../../src/config/config-rule-event.ts';
import {
  sampleChangeEvent,
  sampleDeletedEvent,
  sampleItem,
  sampleOversizedEvent,
  sampleScheduledEvent,
} from '../../src/testing/sample-events.ts';

const FOREIGN = '444455556666';
const failureOf = (input: unknown): unknown => {
  try {
    return parseConfigRuleEvent(input);
  } catch (error) {
    return error;
  }
};

describe('parseConfigRuleEvent', () => {
  test('reads who asks, for which command and in which account and Region', () => {
    expect(parseConfigRuleEvent(sampleScheduledEvent())).toEqual({
      accountId: '111122223333',
      region: 'eu-west-1',
      partition: 'aws',
      configRuleName: 'example-keep-versions-conformance-pack-q7m2kd9xz',
      resultToken: 'eyJlbmNyeXB0ZWREYXRhIjpbLTQyLDE3LDk5XX0=',
      command: 'EXAMPLE_KEEP_VERSIONS',
      trigger: { type: 'schedule', notificationTime: new Date('2026-11-20T12:00:00.373Z') },
    });
  });

  test('a change carries its item', () => {
    expect(parseConfigRuleEvent(sampleChangeEvent()).trigger).toMatchObject({
      type: 'change',
      leftScope: false,
      item: { resourceId: 'demo-logs', status: 'OK', captureTime: new Date('2026-11-20T10:15:30.123Z') },
    });
  });

  test('an oversized change carries the summary of its item, which tells no tags and no configuration', () => {
    const { trigger } = parseConfigRuleEvent(sampleOversizedEvent());
    expect(trigger).toMatchObject({
      type: 'oversized',
      item: { resourceId: 'demo-logs', configuration: null },
    });
    expect(trigger).not.toHaveProperty('item.tags');
  });

  test('a deleted resource has an item without configuration', () => {
    expect(parseConfigRuleEvent(sampleDeletedEvent()).trigger).toMatchObject({
      type: 'change',
      item: { status: 'ResourceDeleted', configuration: null, supplementary: {} },
    });
  });

  test('the Region is that of the rule: a global item has none', () => {
    const event = sampleChangeEvent({ region: 'us-gov-west-1', item: { awsRegion: 'global' } });
    expect(parseConfigRuleEvent(event)).toMatchObject({
      region: 'us-gov-west-1',
      trigger: { item: { awsRegion: 'global' } },
    });
  });

  test('the partition is that of the rule', () => {
    const configRuleArn = 'arn:aws-cn:config:cn-north-1:111122223333:config-rule/config-rule-a1b2c3';
    expect(parseConfigRuleEvent(sampleScheduledEvent({ envelope: { configRuleArn } }))).toMatchObject({
      partition: 'aws-cn',
      region: 'cn-north-1',
    });
  });

  test('a resource may have left the scope', () => {
    const event = sampleChangeEvent({ envelope: { eventLeftScope: true } });
    expect(parseConfigRuleEvent(event).trigger).toMatchObject({ type: 'change', leftScope: true });
  });

  test('fields that AWS may add are no offence', () => {
    const event = sampleChangeEvent({
      envelope: { version: '1.7', evaluationMode: 'DETECTIVE' },
      invokingEvent: { novelty: { deep: [1] } },
      item: { recordingFrequency: 'CONTINUOUS' },
    });
    expect(parseConfigRuleEvent(event)).toEqual(parseConfigRuleEvent(sampleChangeEvent()));
  });

  test('rule parameters beside the command are no offence', () => {
    const ruleParameters = JSON.stringify({ ComplianceCommand: 'A_B', old: '14' });
    expect(parseConfigRuleEvent(sampleScheduledEvent({ envelope: { ruleParameters } })).command).toBe('A_B');
  });

  test.each(['ConfigurationSnapshotDeliveryCompleted', 'SomethingNew'])(
    'a message type that we do not subscribe to is told apart: %s',
    (messageType) => {
      const event = sampleScheduledEvent({ invokingEvent: { messageType } });
      expect(parseConfigRuleEvent(event).trigger).toEqual({ type: 'other', messageType });
    },
  );

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'event'],
    ['an empty object', {}],
    ['an invoking event that is no JSON', sampleScheduledEvent({ envelope: { invokingEvent: '{"awsAcc' } })],
    [
      'an invoking event that is JSON but no object',
      sampleScheduledEvent({ envelope: { invokingEvent: '[]' } }),
    ],
    ['an invoking event without message type', sampleScheduledEvent({ envelope: { invokingEvent: '{}' } })],
    [
      'an invoking event that is an object already',
      sampleScheduledEvent({ envelope: { invokingEvent: {} } }),
    ],
    ['rule parameters that are no JSON', sampleScheduledEvent({ envelope: { ruleParameters: '{' } })],
    ['empty rule parameters', sampleScheduledEvent({ envelope: { ruleParameters: '' } })],
    ['no rule parameters', sampleScheduledEvent({ envelope: { ruleParameters: undefined } })],
    ['no command', sampleScheduledEvent({ envelope: { ruleParameters: '{"controlId":"1.1"}' } })],
    ['an empty command', sampleScheduledEvent({ command: '' })],
    [
      'a command that is no text',
      sampleScheduledEvent({ envelope: { ruleParameters: '{"ComplianceCommand":1}' } }),
    ],
    ['no result token', sampleScheduledEvent({ envelope: { resultToken: '' } })],
    ['an account id of eleven digits', sampleScheduledEvent({ envelope: { accountId: '11112222333' } })],
    ['a number for an account id', sampleScheduledEvent({ envelope: { accountId: 111_122_223_333 } })],
    [
      'the ARN of something else',
      sampleScheduledEvent({ envelope: { configRuleArn: 'arn:aws:s3:::demo-logs' } }),
    ],
    [
      'a schedule without its time',
      sampleScheduledEvent({ invokingEvent: { notificationCreationTime: undefined } }),
    ],
    [
      'a time that is none',
      sampleScheduledEvent({ invokingEvent: { notificationCreationTime: 'yesterday' } }),
    ],
  ])('%s is a malformed event', (_, input) => {
    expect(failureOf(input)).toMatchObject({ kind: 'permanent', code: 'malformed-event' });
  });

  test.each<[string, unknown]>([
    ['no item', sampleChangeEvent({ invokingEvent: { configurationItem: undefined } })],
    ['a null item', sampleChangeEvent({ invokingEvent: { configurationItem: null } })],
    ['an item without id', sampleChangeEvent({ item: { resourceId: '' } })],
    ['no summary', sampleOversizedEvent({ invokingEvent: { configurationItemSummary: undefined } })],
  ])('a change with %s has a malformed item', (_, input) => {
    expect(failureOf(input)).toMatchObject({ kind: 'permanent', code: 'malformed-item' });
  });

  const { awsAccountId: _, ...itemInApiForm } = sampleItem(FOREIGN);
  test.each<[string, unknown]>([
    ['the envelope', sampleChangeEvent({ envelope: { accountId: FOREIGN } })],
    ['the ARN of the rule', sampleScheduledEvent({ envelope: sampleEnvelopeOf(FOREIGN) })],
    ['the scheduled notification', sampleScheduledEvent({ invokingEvent: { awsAccountId: FOREIGN } })],
    ['the item', sampleChangeEvent({ item: { awsAccountId: FOREIGN } })],
    ['the summary', sampleOversizedEvent({ item: { awsAccountId: FOREIGN } })],
    [
      'the item, behind a notification that is right',
      sampleChangeEvent({ item: { awsAccountId: FOREIGN }, invokingEvent: { awsAccountId: '111122223333' } }),
    ],
    [
      'an item in the form of the API',
      sampleChangeEvent({ invokingEvent: { configurationItem: { ...itemInApiForm, accountId: FOREIGN } } }),
    ],
    ['one of an item’s two ids', sampleChangeEvent({ item: { accountId: FOREIGN } })],
    [
      'the summary, behind an item that is right',
      sampleOversizedEvent({
        item: { awsAccountId: FOREIGN },
        invokingEvent: { configurationItem: sampleItem() },
      }),
    ],
  ])('another account in %s is refused', (__, input) => {
    expect(failureOf(input)).toMatchObject({ kind: 'permanent', code: 'inconsistent-account' });
  });
});

function sampleEnvelopeOf(accountId: string) {
  return { configRuleArn: `arn:aws:config:eu-west-1:${accountId}:config-rule/config-rule-a1b2c3` };
}
