import { KmsAlias } from '@cdktn/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktn/provider-aws/lib/kms-key/index.js';
import { SnsTopicPolicy } from '@cdktn/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktn/provider-aws/lib/sns-topic-subscription/index.js';
import { SnsTopic } from '@cdktn/provider-aws/lib/sns-topic/index.js';
import type { TerraformStack } from 'cdktf';

import { accountArn, topicArn } from '../names/arn.ts';
import { KEY_ALIAS, TOPIC } from '../names/names.ts';
import { documentText, PARTITION, REGION } from '../terraform/expressions.ts';
import { addOutput, addVariable } from '../terraform/terraform-module.ts';

/** Adds the topic of alarms and, in the home Region, of events. Encrypted: they name resources and people. */
export const addTopic = (stack: TerraformStack, masterAccountId: string): SnsTopic => {
  const place = { partition: PARTITION, region: REGION, accountId: masterAccountId };
  const key = new KmsKey(stack, 'key', {
    description: 'Encrypts the messages of continuous compliance.',
    enableKeyRotation: true,
    deletionWindowInDays: 7,
    policy: documentText({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Account',
          Effect: 'Allow',
          Principal: { AWS: accountArn(place) },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'Alarms',
          Effect: 'Allow',
          // Without access to the key, CloudWatch loses alarms without an error.
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:SourceAccount': masterAccountId } },
        },
      ],
    }),
  });
  new KmsAlias(stack, 'key_alias', { name: KEY_ALIAS, targetKeyId: key.keyId });
  const created = new SnsTopic(stack, 'events', { name: TOPIC, kmsMasterKeyId: key.arn });
  new SnsTopicPolicy(stack, 'events_policy', {
    arn: created.arn,
    policy: documentText({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Alarms',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topicArn(place, TOPIC),
          Condition: { StringEquals: { 'aws:SourceAccount': masterAccountId } },
        },
      ],
    }),
  });
  addSubscriptions(stack, created);
  addOutput(stack, 'topic_arn', created.arn, 'The topic of alarms and, in the home Region, of events.');
  return created;
};

const addSubscriptions = (stack: TerraformStack, { arn }: SnsTopic) => {
  const emails = addVariable(stack, 'emails', {
    type: 'list(string)',
    default: [],
    description: 'Email addresses that receive alarms and events. Each must confirm once.',
  });
  const subscription = new SnsTopicSubscription(stack, 'email', {
    topicArn: arn,
    protocol: 'email',
    endpoint: '${each.value}',
  });
  subscription.addOverride('for_each', emails.replace('${', '${toset(').replace('}', ')}'));
};
