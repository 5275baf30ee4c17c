import { ConfigServiceClient, DescribeConfigRulesCommand } from '@aws-sdk/client-config-service';
import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';

import type { Json } from '../src/base/json.ts';
import { operation } from '../src/aws/operation.ts';
import { call, change, edit, undoCall } from '../src/rule/change.ts';
import type { Rule } from '../src/rule/rule.ts';
import type { SharedDocument } from '../src/rule/shared-document.ts';
import { awsError, exampleRule, on } from '../src/testing/index.ts';
import { fakePasswordPolicy } from './fake-password-policy.ts';
import { setVersioning } from './start-change.ts';

/** A shared document with statements, kept in memory. */
export const fakePolicy = (content?: Json) => {
  const { state, document } = fakePasswordPolicy(content);
  return { state, document: { ...document, defaults: { MinimumPasswordLength: 6, Statement: [] } } };
};

/**
 * A rule with every kind of step: a call, a call in another Region whose undo needs its answer, and an edit of a
 * document that others write to.
 */
export const documentRule = (document: SharedDocument): Rule => ({
  ...exampleRule,
  command: 'EXAMPLE_ANNOUNCE_VERSIONS',
  // Without change events, so that AWS Config is asked to evaluate again after a fix.
  triggers: ['schedule'],
  permissions: {
    ...exampleRule.permissions,
    fix: ['s3:PutBucketVersioning', 'sns:CreateTopic'],
    undo: ['s3:PutBucketVersioning', 'sns:DeleteTopic'],
  },
  observe: {
    ...exampleRule.observe,
    get: async (resource, context) => {
      const seen = await exampleRule.observe.get(resource, context);
      return seen && { ...seen, handles: { topic: `${resource.resourceId}-versions` } };
    },
  },
  fix: ({ resource: { resourceId: Bucket }, handles }) => {
    const { topic: Name } = handles as { topic: string };
    return change({
      description: `Turn versioning on for ${Bucket} and announce it`,
      risk: 'safe',
      steps: [
        call(S3Client, PutBucketVersioningCommand, setVersioning(Bucket, 'Enabled'), {
          undo: undoCall(S3Client, PutBucketVersioningCommand, setVersioning(Bucket, 'Suspended'), {
            alreadyDone: ['NoSuchBucket'],
          }),
        }),
        call(
          SNSClient,
          CreateTopicCommand,
          { Name },
          {
            region: 'us-east-1',
            alreadyDone: ['TopicAlreadyExists'],
            undo: ({ TopicArn }) =>
              undoCall(SNSClient, DeleteTopicCommand, { TopicArn }, { region: 'us-east-1' }),
          },
        ),
        edit(document, (content) => {
          const { Statement, ...policy } = content as { Statement: Json[] };
          const own = { Sid: `Keep-${Bucket}`, Effect: 'Deny' };
          return { ...policy, MinimumPasswordLength: 14, Statement: [...Statement, own] };
        }),
      ],
      undoLeaves: { status: 'Suspended' },
      inCode: {
        terraform: 'aws_s3_bucket_versioning: status = "Enabled"',
        cloudFormation: 'AWS::S3::Bucket: VersioningConfiguration: { Status: Enabled }',
      },
    });
  },
  undo: {
    operations: [operation(S3Client, PutBucketVersioningCommand), operation(SNSClient, DeleteTopicCommand)],
    documents: [document],
  },
});

/** A rule whose fix has no undo. */
export const irreversibleRule: Rule = {
  ...exampleRule,
  command: 'EXAMPLE_KEEP_VERSIONS_FOREVER',
  fix: ({ resource: { resourceId: Bucket } }) =>
    change({
      description: `Turn versioning on for ${Bucket} forever`,
      risk: 'irreversible',
      steps: [
        call(S3Client, PutBucketVersioningCommand, setVersioning(Bucket, 'Enabled'), {
          undo: { impossible: 'the lock holds for ten years' },
        }),
      ],
    }),
};

/** A stateful fake of SNS topics, by their names, and of AWS Config without a rule. */
export const fakeTopics = (names: Iterable<string>) => {
  const topics = new Set(names);
  const answers = [
    on(ConfigServiceClient, DescribeConfigRulesCommand, () => ({ ConfigRules: [] })),
    on(SNSClient, CreateTopicCommand, ({ Name = '' }) => {
      if (topics.has(Name)) throw awsError('TopicAlreadyExists');
      topics.add(Name);
      return { TopicArn: `arn:aws:sns:us-east-1:111122223333:${Name}` };
    }),
    on(SNSClient, DeleteTopicCommand, ({ TopicArn = '' }) => {
      topics.delete(TopicArn.split(':').at(-1) ?? '');
      return {};
    }),
  ];
  return { topics, answers };
};
