import { SqsQueue } from '@cdktn/provider-aws/lib/sqs-queue/index.js';
import type { TerraformStack } from 'cdktf';

import { queueArn } from '../names/arn.ts';
import { FAILURE_QUEUE } from '../names/names.ts';
import { PARTITION, REGION } from '../terraform/expressions.ts';
import { addOutput } from '../terraform/terraform-module.ts';

export interface FailureQueue {
  readonly arn: string;
  readonly resource: SqsQueue;
}

/** Adds the dead-letter queue of the rule function, with SQS's longest retention. */
export const addFailureQueue = (stack: TerraformStack, masterAccountId: string): FailureQueue => {
  const resource = new SqsQueue(stack, 'failures', {
    name: FAILURE_QUEUE,
    messageRetentionSeconds: 14 * 24 * 60 * 60,
    sqsManagedSseEnabled: true,
  });
  addOutput(
    stack,
    'failure_queue_url',
    resource.url,
    'The queue of events that failed after all retries. Read it when its alarm goes off.',
  );
  const place = { partition: PARTITION, region: REGION, accountId: masterAccountId };
  return { arn: queueArn(place, FAILURE_QUEUE), resource };
};
