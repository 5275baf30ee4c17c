import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import {
  GetBucketVersioningCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';

import { awsError, on, type FakeAnswer } from './fake-session.ts';

type Status = 'Off' | 'Enabled' | 'Suspended';

/** A stateful fake of the S3 and tagging operations that `exampleRule` and the engine use. */
export interface FakeBuckets {
  readonly versioning: Map<string, Status>;
  readonly tags: Map<string, Readonly<Record<string, string>>>;
  readonly answers: readonly FakeAnswer[];
}

export const fakeBuckets = (buckets: Readonly<Record<string, Status>>): FakeBuckets => {
  const versioning = new Map(Object.entries(buckets));
  const tags: FakeBuckets['tags'] = new Map();
  const statusOf = (bucket = '') => {
    const status = versioning.get(bucket);
    if (status === undefined) throw awsError('NoSuchBucket', `${bucket} does not exist`, 404);
    return status;
  };
  const answers = [
    on(S3Client, ListBucketsCommand, () => ({ Buckets: [...versioning.keys()].map((Name) => ({ Name })) })),
    on(S3Client, GetBucketVersioningCommand, ({ Bucket }) => {
      const status = statusOf(Bucket);
      return status === 'Off' ? {} : { Status: status };
    }),
    on(S3Client, PutBucketVersioningCommand, ({ Bucket = '', VersioningConfiguration }) => {
      statusOf(Bucket);
      versioning.set(Bucket, VersioningConfiguration?.Status ?? 'Off');
      return {};
    }),
    on(
      ResourceGroupsTaggingAPIClient,
      GetResourcesCommand,
      ({ ResourceARNList }: GetResourcesCommandInput) => ({
        ResourceTagMappingList: [...tags]
          .map(([bucket, own]) => ({
            ResourceARN: `arn:aws:s3:::${bucket}`,
            Tags: Object.entries(own).map(([Key, Value]) => ({ Key, Value })),
          }))
          .filter(({ ResourceARN }) => ResourceARNList?.includes(ResourceARN) ?? true),
      }),
    ),
  ];
  return { versioning, tags, answers };
};
