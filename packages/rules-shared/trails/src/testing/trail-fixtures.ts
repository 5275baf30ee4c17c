import {
  CloudTrailClient,
  CreateTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  type CreateTrailCommandInput,
  type PutEventSelectorsCommandInput,
  type Trail as ApiTrail,
} from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT_TYPE, hasCode, type Resource, type Session } from '@compliance/core/rule';
import { itemOf } from '@compliance/core/testing';

/** One central bucket for all accounts, as in an organization. */
export const LOG_BUCKET = 'central-trail-logs-of-the-organization';
const LOG_BUCKET_REGION = 'eu-west-1';

export interface TrailSeed extends Partial<CreateTrailCommandInput> {
  readonly stopped?: boolean;
  /** The home Region; the session's, if absent. */
  readonly home?: string;
  readonly selectors?: Partial<PutEventSelectorsCommandInput>;
}

/** An account with these trails; each multi-Region and logging unless its seed says otherwise. */
export const accountWithTrails =
  (...seeds: readonly TrailSeed[]) =>
  async (admin: Session): Promise<Resource> => {
    await createLogBucket(admin);
    for (const [index, seed] of seeds.entries())
      await createTrail(admin, { Name: `trail-${index}`, ...seed });
    return { resourceType: ACCOUNT_TYPE, resourceId: admin.accountId };
  };

/** The trail of this seed, in the session's Region. */
export const trailResource =
  (seed: TrailSeed = {}) =>
  async (admin: Session): Promise<Resource> => {
    await accountWithTrails(seed)(admin);
    return { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'trail-0' };
  };

/** The configuration item of a trail. */
export const trailItem = async (resource: Resource, admin: Session): Promise<unknown> => {
  const { resourceId: name } = resource;
  const { trailList: [trail = {}] = [] } = await admin
    .client(CloudTrailClient)
    .send(new DescribeTrailsCommand({ trailNameList: [name], includeShadowTrails: false }));
  return itemOf(resource, admin, {
    arn: trail.TrailARN ?? '',
    resourceName: name,
    configuration: {
      name,
      trailARN: trail.TrailARN,
      homeRegion: trail.HomeRegion,
      isMultiRegionTrail: trail.IsMultiRegionTrail,
      isOrganizationTrail: trail.IsOrganizationTrail,
      logFileValidationEnabled: trail.LogFileValidationEnabled,
      kmsKeyId: trail.KmsKeyId,
      cloudWatchLogsLogGroupArn: trail.CloudWatchLogsLogGroupArn,
    },
  });
};

/** All other settings of the account's trails: a fix of these members changes nothing else. */
export const trailsExcept =
  (...members: readonly (keyof ApiTrail)[]) =>
  async (_: Resource, admin: Session): Promise<unknown> => {
    const fixed = new Set<string>(members);
    const { trailList = [] } = await admin.client(CloudTrailClient).send(new DescribeTrailsCommand({}));
    return Promise.all(
      trailList.map(async (trail) => {
        const { EventSelectors, AdvancedEventSelectors } = await admin
          .at(trail.HomeRegion ?? admin.region)
          .client(CloudTrailClient)
          .send(new GetEventSelectorsCommand({ TrailName: trail.TrailARN }));
        const others = Object.entries(trail).filter(([name]) => !fixed.has(name));
        return { ...Object.fromEntries(others), EventSelectors, AdvancedEventSelectors };
      }),
    );
  };

const createTrail = async (
  admin: Session,
  { Name, stopped = false, home = admin.region, selectors, ...input }: TrailSeed,
): Promise<void> => {
  const client = admin.at(home).client(CloudTrailClient);
  await client.send(
    new CreateTrailCommand({ Name, S3BucketName: LOG_BUCKET, IsMultiRegionTrail: true, ...input }),
  );
  if (!stopped) await client.send(new StartLoggingCommand({ Name }));
  if (selectors) await client.send(new PutEventSelectorsCommand({ TrailName: Name, ...selectors }));
};

const createLogBucket = async (admin: Session): Promise<void> => {
  try {
    const client = admin.at(LOG_BUCKET_REGION).client(S3Client);
    await client.send(
      new CreateBucketCommand({
        Bucket: LOG_BUCKET,
        CreateBucketConfiguration: { LocationConstraint: LOG_BUCKET_REGION },
      }),
    );
  } catch (error) {
    if (!hasCode(error, 'BucketAlreadyExists', 'BucketAlreadyOwnedByYou')) throw error;
  }
};
