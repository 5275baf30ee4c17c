import { ConfigConfigurationRecorderStatus } from '@cdktn/provider-aws/lib/config-configuration-recorder-status/index.js';
import { ConfigConfigurationRecorder } from '@cdktn/provider-aws/lib/config-configuration-recorder/index.js';
import { ConfigDeliveryChannel } from '@cdktn/provider-aws/lib/config-delivery-channel/index.js';
import { SnsTopicPolicy } from '@cdktn/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopic } from '@cdktn/provider-aws/lib/sns-topic/index.js';
import type { Rule, Settings } from '@compliance/core';
import { Token, type TerraformStack } from 'cdktf';

import { roleArn, topicArn } from '../names/arn.ts';
import { forwardedChanges } from '../monitoring/change-forwarding.ts';
import { RECORDER_ROLE, RECORDER_TOPIC, configBucket } from '../names/names.ts';
import { recordedTypes } from '../packs/recorded-types.ts';
import { addBucket, bucketArn } from '../terraform/bucket.ts';
import { ACCOUNT_ID, PARTITION, REGION, documentText } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import { addOutput, terraformModule, addVariable } from '../terraform/terraform-module.ts';
import { addForwarding } from './forward-changes.ts';

/**
 * The part of a member account in each Region: rules that forward compliance changes, and a recorder.
 * The recorder is for accounts where AWS Config does not record yet.
 */
export const memberRegional = (settings: Settings, rules: readonly Rule[]): TerraformStack =>
  terraformModule('member-regional', (stack) => {
    const { homeRegion, regions } = settings.organization;
    assertPlace(stack, { accountIds: settings.accounts.map(({ id }) => id), regions });
    const createRecorder = addVariable(stack, 'create_recorder', {
      type: 'bool',
      default: false,
      description:
        'Create a recorder of the types that the enabled rules need. Leave false where AWS Config already records.',
    });
    const count = createRecorder.replace('}', ' ? 1 : 0}');
    const types = recordedTypes(rules, settings);
    const wanted = `\${data.aws_region.current.id == "${homeRegion}" ? ${JSON.stringify(types.home)} : ${JSON.stringify(types.elsewhere)}}`;
    addRecorder(stack, { count, resourceTypes: Token.asList(wanted) });
    addOutput(
      stack,
      'recorded_types',
      wanted,
      'The resource types that the recorder must record for the enabled rules.',
    );
    addForwarding(stack, forwardedChanges(rules, settings), settings);
  });

const NAME = 'default';

const addRecorder = (
  stack: TerraformStack,
  { count, resourceTypes }: { readonly count: string; readonly resourceTypes: string[] },
) => {
  const place = { partition: PARTITION, accountId: ACCOUNT_ID };
  const bucketName = configBucket(ACCOUNT_ID, REGION);
  addBucket(stack, {
    id: 'config',
    name: bucketName,
    count,
    config: { forceDestroy: Token.asAny(addKeepHistory(stack)) },
    statements: deliveryOf(bucketName),
  });
  const recording = new ConfigConfigurationRecorder(stack, 'recorder', {
    name: NAME,
    roleArn: roleArn(place, RECORDER_ROLE),
    recordingGroup: { allSupported: false, includeGlobalResourceTypes: false, resourceTypes },
  });
  const channel = new ConfigDeliveryChannel(stack, 'channel', {
    name: NAME,
    s3BucketName: bucketName,
    snsTopicArn: topicArn({ ...place, region: REGION }, RECORDER_TOPIC),
  });
  addTopic(stack, count);
  channel.addOverride('depends_on', [
    'aws_config_configuration_recorder.recorder',
    'aws_s3_bucket_policy.config',
    'aws_sns_topic_policy.config',
  ]);
  const status = new ConfigConfigurationRecorderStatus(stack, 'recorder_on', {
    name: NAME,
    isEnabled: true,
    dependsOn: [channel],
  });
  for (const part of [recording, channel, status]) part.addOverride('count', count);
};

const addKeepHistory = (stack: TerraformStack): string =>
  addVariable(stack, 'keep_history', {
    type: 'bool',
    default: true,
    description:
      'Protect the history that the recorder delivered from deletion. Set to false before a destroy.',
  }).replace('${', '${!');

/** @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html */
const deliveryOf = (name: string) =>
  [
    { Sid: 'See', Action: ['s3:GetBucketAcl', 's3:ListBucket'], Resource: bucketArn(name) },
    { Sid: 'Deliver', Action: 's3:PutObject', Resource: `${bucketArn(name)}/AWSLogs/${ACCOUNT_ID}/Config/*` },
  ].map((statement) => ({
    ...statement,
    Effect: 'Allow',
    Principal: { Service: 'config.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT_ID } },
  }));

/** Adds the topic for the deliveries of AWS Config, without a key of its own. */
const addTopic = (stack: TerraformStack, count: string) => {
  const created = new SnsTopic(stack, 'config_topic', { name: RECORDER_TOPIC });
  created.overrideLogicalId('config');
  const arn = topicArn({ partition: PARTITION, accountId: ACCOUNT_ID, region: REGION }, RECORDER_TOPIC);
  const policy = new SnsTopicPolicy(stack, 'config_topic_policy', {
    arn: '${aws_sns_topic.config[0].arn}',
    policy: documentText({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'config.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: arn,
          Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT_ID } },
        },
      ],
    }),
  });
  policy.overrideLogicalId('config');
  for (const part of [created, policy]) part.addOverride('count', count);
};
