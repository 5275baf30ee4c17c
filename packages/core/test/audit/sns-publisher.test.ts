import { PublishBatchCommand, SNSClient, type BatchResultErrorEntry } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { auditEvent } from '../../src/audit/audit-event.ts';
import { messageBatches, sizeOf, snsPublisher } from '../../src/audit/sns-publisher.ts';
import { fakeSession, on } from '../../src/testing/fake-session.ts';

const now = new Date('2026-11-20T12:00:00Z');
const about = {
  command: 'S3_ENABLE_VERSIONING',
  severity: 'low',
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
} as const;
const finished = (reason = 'done', executionId = 'e-1') =>
  auditEvent(
    { type: 'remediation-finished', ...about, executionId, outcome: 'fixed', reason },
    now,
    executionId,
  );
const evaluated = auditEvent(
  {
    type: 'resource-evaluated',
    ...about,
    trigger: 'change',
    complianceType: 'COMPLIANT',
    orderingTime: now.toISOString(),
  },
  now,
  now,
);

describe('messageBatches', () => {
  test('every batch of messages is within the limits of PublishBatch, and no event to notify of is lost', () => {
    const event = fc
      .tuple(fc.constantFrom('a', 'é', '😀'), fc.integer({ min: 1, max: 90_000 }), fc.uuid())
      .map(([letter, length, id]) => finished(letter.repeat(length), id));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const batches = messageBatches(events);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(batch.reduce((sum, entry) => sum + sizeOf(entry), 0)).toBeLessThanOrEqual(262_144);
          expect(new Set(batch.map(({ Id }) => Id)).size).toBe(batch.length);
        }
        const ids = batches.flat().map(({ Message = '' }) => (JSON.parse(Message) as { id: string }).id);
        expect(ids).toEqual(events.map(({ id }) => id));
      }),
      { numRuns: 30 },
    );
  });

  test('nobody is notified of a verdict', () => {
    expect(messageBatches([evaluated])).toEqual([]);
  });

  test('a message has attributes to filter by, and a subject with what happened where', () => {
    expect(messageBatches([finished()])).toMatchObject([
      [
        {
          Subject: 'S3_ENABLE_VERSIONING remediation-finished: fixed in 111122223333 eu-west-1',
          MessageAttributes: {
            type: { DataType: 'String', StringValue: 'remediation-finished' },
            severity: { StringValue: 'low' },
            command: { StringValue: 'S3_ENABLE_VERSIONING' },
            accountId: { StringValue: '111122223333' },
            outcome: { StringValue: 'fixed' },
          },
        },
      ],
    ]);
  });

  test('the subject of a message is always under 100 printable ASCII characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (command) => {
        const error = { kind: 'permanent', code: 'unknown-command', message: 'x' } as const;
        const failed = auditEvent(
          { type: 'evaluation-failed', command, trigger: 'change', error },
          now,
          'request-1',
        );
        expect(messageBatches([failed])[0]?.[0]?.Subject).toMatch(/^[!-~][ -~]{0,98}$/);
      }),
    );
  });
});

describe('snsPublisher', () => {
  const topicRefusing = (Failed: BatchResultErrorEntry[]) => {
    const session = fakeSession({
      allow: ['sns:PublishBatch', 'sns:Publish'],
      answers: [on(SNSClient, PublishBatchCommand, () => ({ Successful: [], Failed }))],
    });
    return snsPublisher({ client: session.client(SNSClient), topicArn: 'arn:aws:sns:eu-west-1:1:audit' });
  };

  test.each([
    ['a fault of SNS is a transient failure', false, 'transient'],
    ['a fault of ours is a permanent failure', true, 'permanent'],
  ] as const)('%s', async (_, SenderFault, kind) => {
    const publish = topicRefusing([{ Id: '1', Code: 'Nope', Message: 'too bad', SenderFault }]);
    const events = [finished('first', 'e-1'), finished('second', 'e-2')];
    const message = 'SNS topic arn:aws:sns:eu-west-1:1:audit refused a message with Nope: too bad';
    await expect(publish(events)).resolves.toMatchObject([{ event: events[1], error: { kind, message } }]);
  });

  test('an attribute has only characters that SNS takes, whatever the tag of a member says', () => {
    const hostile = { ...finished(), owner: `team\u0000\u001b[2J\uFFFE${'x'.repeat(501)}\u{1F600}` };
    const [entry] = messageBatches([hostile]).flat();
    const { StringValue = '' } = entry?.MessageAttributes?.['owner'] ?? {};
    expect(StringValue).toMatch(/^team\?\?\[2J\?x+\?$/);
    expect(entry?.Message).not.toContain('\uFFFE');
    expect(JSON.parse(entry?.Message ?? '')).toEqual(hostile);
    expect(messageBatches([{ ...finished(), owner: ' ' }]).flat()[0]?.MessageAttributes).not.toHaveProperty(
      'owner',
    );
  });
});
