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

/** Where alarms go and, in the home Region, the events worth a message. Encrypted: they name resources and people. */
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
          // An alarm of an encrypted topic is lost in silence when CloudWatch may not use the key.
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
  addOutput(stack, 'topic_arn', created.arn, 'Alarms and, in the home Region, events.');
  return created;
};

const addSubscriptions = (stack: TerraformStack, { arn }: SnsTopic) => {
  const emails = addVariable(stack, 'emails', {
    type: 'list(string)',
    default: [],
    description: 'Who is told of alarms and events. Each address confirms once.',
  });
  const subscription = new SnsTopicSubscription(stack, 'email', {
    topicArn: arn,
    protocol: 'email',
    endpoint: '${each.value}',
  });
  subscription.addOverride('for_each', emails.replace('${', '${toset(').replace('}', ')}'));
};
