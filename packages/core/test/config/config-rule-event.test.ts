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
  test('an event names its rule and command, account and Region', () => {
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

  test.each<[unknown]>([['2026-11-20T12:00:00.373'], [1_795_176_000_373], [1_795_176_000.373]])(
    'a schedule may be notified at %j, which needs no time zone',
    (notificationCreationTime) => {
      const event = sampleScheduledEvent({ invokingEvent: { notificationCreationTime } });
      expect(parseConfigRuleEvent(event).trigger).toEqual({
        type: 'schedule',
        notificationTime: new Date('2026-11-20T12:00:00.373Z'),
      });
    },
  );

  test('the event of a change holds the item', () => {
    expect(parseConfigRuleEvent(sampleChangeEvent()).trigger).toMatchObject({
      type: 'change',
      leftScope: false,
      item: { resourceId: 'demo-logs', status: 'OK', captureTime: new Date('2026-11-20T10:15:30.123Z') },
    });
  });

  test('the event of an oversized change holds a summary of the item, without tags and configuration', () => {
    const { trigger } = parseConfigRuleEvent(sampleOversizedEvent());
    expect(trigger).toMatchObject({
      type: 'oversized',
      item: { resourceId: 'demo-logs', configuration: null },
    });
    expect(trigger).not.toHaveProperty('item.tags');
  });

  test('the event of a deleted resource holds an item without configuration', () => {
    expect(parseConfigRuleEvent(sampleDeletedEvent()).trigger).toMatchObject({
      type: 'change',
      item: { status: 'ResourceDeleted', configuration: null, supplementary: {} },
    });
  });

  test('the Region of an event is that of the rule, because a global item has none', () => {
    const event = sampleChangeEvent({ region: 'us-gov-west-1', item: { awsRegion: 'global' } });
    expect(parseConfigRuleEvent(event)).toMatchObject({
      region: 'us-gov-west-1',
      trigger: { item: { awsRegion: 'global' } },
    });
  });

  test('the partition of an event is that of the rule', () => {
    const configRuleArn = 'arn:aws-cn:config:cn-north-1:111122223333:config-rule/config-rule-a1b2c3';
    expect(parseConfigRuleEvent(sampleScheduledEvent({ envelope: { configRuleArn } }))).toMatchObject({
      partition: 'aws-cn',
      region: 'cn-north-1',
    });
  });

  test('an event says that a resource left the scope', () => {
    const event = sampleChangeEvent({ envelope: { eventLeftScope: true } });
    expect(parseConfigRuleEvent(event).trigger).toMatchObject({ type: 'change', leftScope: true });
  });

  test('unknown fields of an event are ignored', () => {
    const event = sampleChangeEvent({
      envelope: { version: '1.7', evaluationMode: 'DETECTIVE' },
      invokingEvent: { novelty: { deep: [1] } },
      item: { recordingFrequency: 'CONTINUOUS' },
    });
    expect(parseConfigRuleEvent(event)).toEqual(parseConfigRuleEvent(sampleChangeEvent()));
  });

  test('rule parameters besides the command are ignored', () => {
    const ruleParameters = JSON.stringify({ ComplianceCommand: 'A_B', old: '14' });
    expect(parseConfigRuleEvent(sampleScheduledEvent({ envelope: { ruleParameters } })).command).toBe('A_B');
  });

  test.each(['ConfigurationSnapshotDeliveryCompleted', 'SomethingNew'])(
    'the message type %s is parsed as another type',
    (messageType) => {
      const event = sampleScheduledEvent({ invokingEvent: { messageType } });
      expect(parseConfigRuleEvent(event).trigger).toEqual({ type: 'other', messageType });
    },
  );

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a text instead of an event', 'event'],
    ['an event without members', {}],
    [
      'an event whose invoking event is not JSON',
      sampleScheduledEvent({ envelope: { invokingEvent: '{"awsAcc' } }),
    ],
    [
      'an event whose invoking event is JSON but not an object',
      sampleScheduledEvent({ envelope: { invokingEvent: '[]' } }),
    ],
    ['an event without a message type', sampleScheduledEvent({ envelope: { invokingEvent: '{}' } })],
    [
      'an event whose invoking event is an object already',
      sampleScheduledEvent({ envelope: { invokingEvent: {} } }),
    ],
    [
      'an event whose rule parameters are not JSON',
      sampleScheduledEvent({ envelope: { ruleParameters: '{' } }),
    ],
    ['an event with empty rule parameters', sampleScheduledEvent({ envelope: { ruleParameters: '' } })],
    ['an event without rule parameters', sampleScheduledEvent({ envelope: { ruleParameters: undefined } })],
    [
      'an event without a command',
      sampleScheduledEvent({ envelope: { ruleParameters: '{"controlId":"1.1"}' } }),
    ],
    ['an event with an empty command', sampleScheduledEvent({ command: '' })],
    [
      'an event whose command is not a text',
      sampleScheduledEvent({ envelope: { ruleParameters: '{"ComplianceCommand":1}' } }),
    ],
    ['an event without a result token', sampleScheduledEvent({ envelope: { resultToken: '' } })],
    [
      'an event with an account id of eleven digits',
      sampleScheduledEvent({ envelope: { accountId: '11112222333' } }),
    ],
    [
      'an event with a number as account id',
      sampleScheduledEvent({ envelope: { accountId: 111_122_223_333 } }),
    ],
    [
      'an event with the ARN of something else',
      sampleScheduledEvent({ envelope: { configRuleArn: 'arn:aws:s3:::demo-logs' } }),
    ],
    [
      'a scheduled event without its time',
      sampleScheduledEvent({ invokingEvent: { notificationCreationTime: undefined } }),
    ],
    [
      'a scheduled event with an invalid time',
      sampleScheduledEvent({ invokingEvent: { notificationCreationTime: 'yesterday' } }),
    ],
  ])('%s is malformed', (_, input) => {
    expect(failureOf(input)).toMatchObject({ kind: 'permanent', code: 'malformed-event' });
  });

  test.each<[string, unknown]>([
    ['no item', sampleChangeEvent({ invokingEvent: { configurationItem: undefined } })],
    ['a null item', sampleChangeEvent({ invokingEvent: { configurationItem: null } })],
    ['an item without id', sampleChangeEvent({ item: { resourceId: '' } })],
    ['no summary', sampleOversizedEvent({ invokingEvent: { configurationItemSummary: undefined } })],
  ])('a change with %s is refused for a malformed item', (_, input) => {
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
      'the item of a correct notification',
      sampleChangeEvent({ item: { awsAccountId: FOREIGN }, invokingEvent: { awsAccountId: '111122223333' } }),
    ],
    [
      'an item in the form of the API',
      sampleChangeEvent({ invokingEvent: { configurationItem: { ...itemInApiForm, accountId: FOREIGN } } }),
    ],
    ['one of an item’s two ids', sampleChangeEvent({ item: { accountId: FOREIGN } })],
    [
      'the summary beside a correct item',
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
