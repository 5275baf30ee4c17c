import { AccountClient, GetAlternateContactCommand } from '@aws-sdk/client-account';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  type GetResourcesCommandInput,
} from '@aws-sdk/client-resource-groups-tagging-api';
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { GetAutomationExecutionCommand, SSMClient } from '@aws-sdk/client-ssm';
import { awsError, on, type FakeAnswer } from '@compliance/core/simulation';
import * as z from 'zod';

import type { Bucket, MemberAccount } from './account.ts';
import { SHARED_BUCKET, TOPIC_REGION, statementOf, topicOf } from './announce-rule.ts';
import type { Run, Write } from './run.ts';

interface Watcher {
  readonly run: () => Run;
  readonly now: () => Date;
  readonly onWrite: (write: Write) => void;
}

const StoredPolicy = z.object({ Statement: z.array(z.object({ Sid: z.string() })) });

/** What S3, SNS, CloudTrail and the tagging API of one account answer. Every write is reported to the watcher. */
export const memberAnswers = (account: MemberAccount, watcher: Watcher): readonly FakeAnswer[] => {
  const bucketOf = (name = ''): Bucket => {
    const bucket = account.buckets.get(name);
    if (!bucket) throw awsError('NoSuchBucket', `${name} does not exist`, 404);
    return bucket;
  };
  const report = (
    bucket: string,
    what: Write['what'],
    {
      isFix,
      isSame,
      lostStatements = [],
    }: { isFix: boolean; isSame: boolean; lostStatements?: readonly string[] },
  ) => {
    const writers = account.buckets.get(bucket)?.writers;
    const isRepeated = isSame && writers?.get(what) === 'ours';
    writers?.set(what, 'ours');
    const [run, time] = [watcher.run(), watcher.now()];
    watcher.onWrite({ time, accountId: account.id, bucket, what, run, isFix, isRepeated, lostStatements });
  };
  const ofTopic = (arn = '') => (arn.split(':').at(-1) ?? '').replace(/-announced$/, '');

  return [
    on(S3Client, ListBucketsCommand, () => ({
      Buckets: [...account.buckets.keys()].map((Name) => ({ Name })),
    })),
    on(S3Client, GetBucketVersioningCommand, ({ Bucket }) => {
      const { versioning } = bucketOf(Bucket);
      return versioning === 'Off' ? {} : { Status: versioning };
    }),
    on(S3Client, PutBucketVersioningCommand, ({ Bucket = '', VersioningConfiguration }) => {
      const bucket = bucketOf(Bucket);
      const status = VersioningConfiguration?.Status ?? 'Suspended';
      report(Bucket, 'versioning', { isFix: status === 'Enabled', isSame: bucket.versioning === status });
      bucket.versioning = status;
      return {};
    }),
    on(S3Client, GetBucketRequestPaymentCommand, ({ Bucket }) => ({ Payer: bucketOf(Bucket).payer })),
    on(S3Client, PutBucketRequestPaymentCommand, ({ Bucket = '', RequestPaymentConfiguration }) => {
      const bucket = bucketOf(Bucket);
      const payer = RequestPaymentConfiguration?.Payer ?? 'BucketOwner';
      report(Bucket, 'payer', { isFix: payer === 'BucketOwner', isSame: bucket.payer === payer });
      bucket.payer = payer;
      return {};
    }),
    on(S3Client, GetBucketPolicyCommand, () => {
      if (!account.policy) throw awsError('NoSuchBucketPolicy', `${SHARED_BUCKET} has no policy`, 404);
      const statements = account.policy.map((Sid) => ({ Sid, Effect: 'Deny' }));
      return { Policy: JSON.stringify({ Statement: statements }) };
    }),
    on(S3Client, PutBucketPolicyCommand, ({ Policy = '' }) => {
      const before = account.policy ?? [];
      const after = StoredPolicy.parse(JSON.parse(Policy)).Statement.map(({ Sid }) => Sid);
      const added = after.filter((sid) => !before.includes(sid));
      const removed = before.filter((sid) => !after.includes(sid));
      account.policy = after;
      const [subject = removed[0]] = added;
      // A fix adds its own statement and removes none; an undo removes its own and adds none.
      const isFix = added.length > 0 || removed.length === 0;
      const lostStatements = isFix ? removed : removed.slice(1);
      if (subject === undefined) return {};
      report(subject.replace(/^Keep-/, ''), 'statement', { isFix, isSame: false, lostStatements });
      return {};
    }),
    on(S3Client, DeleteBucketPolicyCommand, () => {
      const [own = '', ...lostStatements] = account.policy ?? [];
      account.policy = undefined;
      report(own.replace(/^Keep-/, ''), 'statement', { isFix: false, isSame: false, lostStatements });
      return {};
    }),
    on(SNSClient, GetTopicAttributesCommand, ({ TopicArn }) => {
      if (!account.buckets.get(ofTopic(TopicArn))?.hasTopic)
        throw awsError('NotFoundException', 'No topic', 404);
      return { Attributes: {} };
    }),
    on(SNSClient, CreateTopicCommand, ({ Name = '' }) => {
      const name = Name.replace(/-announced$/, '');
      const bucket = bucketOf(name);
      report(name, 'topic', { isFix: true, isSame: bucket.hasTopic });
      bucket.hasTopic = true;
      return { TopicArn: `arn:aws:sns:${TOPIC_REGION}:${account.id}:${topicOf(name)}` };
    }),
    on(SNSClient, DeleteTopicCommand, ({ TopicArn }) => {
      const name = ofTopic(TopicArn);
      const bucket = account.buckets.get(name);
      if (!bucket) return {};
      report(name, 'topic', { isFix: false, isSame: !bucket.hasTopic });
      bucket.hasTopic = false;
      return {};
    }),
    on(
      ResourceGroupsTaggingAPIClient,
      GetResourcesCommand,
      ({ ResourceARNList }: GetResourcesCommandInput) => ({
        ResourceTagMappingList: [...account.buckets]
          .map(([name, { tags }]) => ({
            ResourceARN: `arn:aws:s3:::${name}`,
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }))
          .filter(({ ResourceARN }) => ResourceARNList?.includes(ResourceARN) ?? true),
      }),
    ),
    on(CloudTrailClient, LookupEventsCommand, () => ({ Events: [] })),
    on(AccountClient, GetAlternateContactCommand, () => {
      throw awsError('ResourceNotFoundException', 'No security contact', 404);
    }),
    on(SSMClient, GetAutomationExecutionCommand, ({ AutomationExecutionId: id = '' }) => {
      const execution = account.executions.get(id);
      if (execution) return { AutomationExecution: execution };
      throw awsError('AutomationExecutionNotFoundException', `${id} does not exist`);
    }),
  ];
};

/** Somebody in the account changes a bucket. */
export const writeAsMember = (
  account: MemberAccount,
  name: string,
  {
    statement,
    ...values
  }: Partial<Pick<Bucket, 'versioning' | 'payer' | 'hasTopic'>> & { readonly statement?: boolean },
): void => {
  const bucket = account.buckets.get(name);
  if (!bucket) return;
  Object.assign(bucket, values);
  for (const what of Object.keys(values)) bucket.writers.set(what === 'hasTopic' ? 'topic' : what, 'other');
  if (statement === undefined) return;
  const others = (account.policy ?? []).filter((sid) => sid !== statementOf(name));
  account.policy = statement ? [...others, statementOf(name)] : others;
};
