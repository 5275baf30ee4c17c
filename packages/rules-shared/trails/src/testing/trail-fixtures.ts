import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  type CreateTrailCommandInput,
  type PutEventSelectorsCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT_TYPE, hasCode, type Resource, type Session } from '@compliance/core/rule';

/** One central bucket for all accounts, as in an organization. */
export const LOG_BUCKET = 'central-trail-logs-of-the-organization';

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
    await admin.client(S3Client).send(
      new CreateBucketCommand({
        Bucket: LOG_BUCKET,
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
  } catch (error) {
    if (!hasCode(error, 'BucketAlreadyExists', 'BucketAlreadyOwnedByYou')) throw error;
  }
};
