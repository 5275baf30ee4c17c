import {
  CloudTrailClient,
  DescribeTrailsCommand,
  ListTagsCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';

import { tagMap } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';

/** Lists the trails of the Region. Shadow trails are recorded only in their home Region. */
const trails = async ({ clients, place }: ReadContext): Promise<readonly Trail[]> => {
  const { trailList = [] } = await clients(CloudTrailClient, place).send(
    new DescribeTrailsCommand({ includeShadowTrails: false }),
  );
  return trailList.filter(({ HomeRegion: home }) => home === place.region);
};

export const cloudTrailTrail: ResourceKind = {
  resourceType: 'AWS::CloudTrail::Trail',
  global: false,
  namedWithin: 'account',

  list: async (reader) => (await trails(reader)).flatMap(({ Name: name }) => name ?? []),

  describe: async (reader, trailName) => {
    const trail = (await trails(reader)).find(({ Name: name }) => name === trailName);
    if (trail === undefined) return undefined;
    const { clients, place } = reader;
    const arn = trail.TrailARN ?? '';
    const { ResourceTagList: [tagged] = [] } = await clients(CloudTrailClient, place).send(
      new ListTagsCommand({ ResourceIdList: [arn] }),
    );
    return {
      resourceId: trailName,
      resourceName: trailName,
      ARN: arn,
      awsRegion: place.region,
      availabilityZone: 'Not Applicable',
      resourceCreationTime: null,
      tags: tagMap(tagged?.TagsList),
      configuration: {
        name: trailName,
        s3BucketName: trail.S3BucketName,
        s3KeyPrefix: trail.S3KeyPrefix,
        snsTopicARN: trail.SnsTopicARN,
        includeGlobalServiceEvents: trail.IncludeGlobalServiceEvents,
        isMultiRegionTrail: trail.IsMultiRegionTrail,
        homeRegion: trail.HomeRegion,
        trailARN: arn,
        logFileValidationEnabled: trail.LogFileValidationEnabled,
        cloudWatchLogsLogGroupArn: trail.CloudWatchLogsLogGroupArn,
        cloudWatchLogsRoleArn: trail.CloudWatchLogsRoleArn,
        kmsKeyId: trail.KmsKeyId,
        hasCustomEventSelectors: trail.HasCustomEventSelectors,
        hasInsightSelectors: trail.HasInsightSelectors,
        isOrganizationTrail: trail.IsOrganizationTrail,
      },
    };
  },
};
