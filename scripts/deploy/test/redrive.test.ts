import { PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PublishBatchCommand } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { auditEvent } from '@compliance/core';
import { expect, test } from 'vitest';

import type { DeployContext } from '../src/context/deploy-context.ts';
import { redrive } from '../src/functions/redrive.ts';
import { fakeOrganization } from './fake-organization.ts';

const event = auditEvent(
  { type: 'remediation-finished', executionId: 'e-1', outcome: 'fixed', reason: 'x' },
  new Date('2026-11-20T12:00:00Z'),
  'e-1',
);

/** A stateful fake of the queue, the table's dead letters and the sinks. */
const start = async ({ messages, refuses = false }: { messages: string[]; refuses?: boolean }) => {
  const { context, said } = await fakeOrganization(['111122223333']);
  const queue = new Map(messages.map((Body, index) => [`receipt-${index}`, Body]));
  const received = new Set<string>();
  const letters = new Map([
    ['dead-letter#log', { sink: 'log', error: 'x', events: [event] }],
    ['dead-letter#topic', { sink: 'topic', error: 'x', events: [event] }],
  ]);
  const invoked: unknown[] = [];
  const delivered: string[] = [];
  const send = async (command: object): Promise<object> => {
    if (command instanceof ReceiveMessageCommand) {
      const Messages = [...queue]
        .filter(([ReceiptHandle]) => !received.has(ReceiptHandle))
        .map(([ReceiptHandle, Body]) => ({ ReceiptHandle, Body, MessageId: ReceiptHandle }));
      for (const { ReceiptHandle } of Messages) received.add(ReceiptHandle);
      return { Messages };
    }
    if (command instanceof DeleteMessageCommand) queue.delete(command.input.ReceiptHandle ?? '');
    if (command instanceof InvokeCommand) invoked.push(command.input.Payload);
    if (command instanceof QueryCommand) {
      const pk = command.input.ExpressionAttributeValues?.[':pk']?.S ?? '';
      const data = letters.get(pk);
      const row = { pk: { S: pk }, sk: { S: 'one' }, version: { N: '1' }, data: { S: JSON.stringify(data) } };
      return { Items: data ? [row] : [] };
    }
    if (command instanceof DeleteItemCommand) letters.delete(command.input.Key?.['pk']?.S ?? '');
    if (command instanceof PutLogEventsCommand) delivered.push('log');
    if (command instanceof PublishBatchCommand) {
      if (refuses) return { Failed: [{ Id: '0', Code: 'Odd', SenderFault: true }] };
      delivered.push('topic');
    }
    return {};
  };
  // A paginator accepts an instance of its client alone.
  const client: DeployContext['client'] = async (Class, { region }) => {
    const made = new Class({ region });
    // A client is an object.
    Object.assign(made as object, { send });
    return made;
  };
  return { redrive: () => redrive({ ...context(), client }), queue, letters, invoked, delivered, said };
};

test('redrive sends failed events to the rule function again, and dead letters to their sinks', async () => {
  const fake = await start({ messages: [JSON.stringify({ requestPayload: { version: '1.0' } })] });
  await fake.redrive();
  expect(fake.invoked).toEqual(['{"version":"1.0"}']);
  expect([...fake.queue, ...fake.letters]).toEqual([]);
  expect(fake.delivered).toEqual(['log', 'topic']);
  expect(fake.said).toEqual([
    'eu-west-1  1 failed events sent to compliance-generic-rule again',
    '2 dead letters replayed, 0 refused again',
  ]);
});

test('redrive leaves what is no failed event in its queue, and what is refused again as a dead letter', async () => {
  const fake = await start({ messages: ['not ours'], refuses: true });
  await fake.redrive();
  expect(fake.invoked).toEqual([]);
  expect([...fake.queue.values()]).toEqual(['not ours']);
  expect([...fake.letters.keys()]).toEqual(['dead-letter#topic']);
  expect(fake.said.at(-1)).toBe('1 dead letters replayed, 1 refused again');
});
