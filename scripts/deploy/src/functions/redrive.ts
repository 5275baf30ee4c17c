import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { listDeadLetters, replayDeadLetter } from '@compliance/core';
import { FAILURE_QUEUE, FUNCTIONS } from '@compliance/infra';
import * as z from 'zod';

import { selectedRegions, type DeployContext } from '../context/deploy-context.ts';
import { openStateTable, sinkOf } from './sinks.ts';

/**
 * Repeats what failed for good: the rule function's failed events, in every Region, and what a sink refused.
 * Events that wait for a sink that was away need no redrive: the next sweep of their rule delivers them.
 */
export const redrive = async (context: DeployContext): Promise<void> => {
  for (const region of selectedRegions(context)) await redriveFailures(context, region);
  await redriveDeadLetters(context);
};

/** What Lambda sends to a destination for failed events. The rest of it is for people. */
const Failure = z.looseObject({ requestPayload: z.unknown().refine((payload) => payload !== undefined) });

const redriveFailures = async (context: DeployContext, region: string): Promise<void> => {
  const { masterAccountId: accountId } = context.settings.organization;
  const sqs = await context.client(SQSClient, { accountId, region });
  const lambda = await context.client(LambdaClient, { accountId, region });
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: FAILURE_QUEUE }));
  let count = 0;
  for (;;) {
    const { Messages = [] } = await sqs.send(
      // An event that fails again comes back as another message, long after this run.
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle, MessageId } of Messages) {
      const failure = Failure.safeParse(parseJson(Body));
      if (!failure.success) {
        context.say(`${region}  message ${MessageId} is left in the queue: it is no failed event`);
        continue;
      }
      const Payload = JSON.stringify(failure.data.requestPayload);
      await lambda.send(
        new InvokeCommand({ FunctionName: FUNCTIONS.rule, InvocationType: 'Event', Payload }),
      );
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      count += 1;
    }
  }
  context.say(`${region}  ${count} failed events sent to ${FUNCTIONS.rule} again`);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const redriveDeadLetters = async (context: DeployContext): Promise<void> => {
  const table = await openStateTable(context);
  const counts = { replayed: 0, kept: 0 };
  for await (const letter of listDeadLetters(table)) {
    const sink = await sinkOf(context, letter.sink, letter.events[0]?.region);
    const refusal = await replayDeadLetter(table, letter, sink);
    if (refusal !== undefined) context.say(`${letter.row.sk}  is refused again: ${refusal}`);
    counts[refusal === undefined ? 'replayed' : 'kept'] += 1;
  }
  context.say(`${counts.replayed} dead letters replayed, ${counts.kept} refused again`);
};
