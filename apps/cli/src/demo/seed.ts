import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { LocalOrg } from '@compliance/local-org';

import { flowLogBucket, trailBucket } from './demo-settings.ts';

/** Creates violations in every member account. */
export const seed = async (org: LocalOrg): Promise<void> => {
  for (const { id, name } of org.organization.members) await seedAccount(org, id, name);
  await org.whenIdle();
};

const seedAccount = async (org: LocalOrg, accountId: string, name: string): Promise<void> => {
  await createBucket(org, accountId, `${name}-reports`);
  await createBucket(org, accountId, `${name}-uploads`);
  await createLogBucket(org, accountId, trailBucket(accountId));
  await createLogBucket(org, accountId, flowLogBucket(accountId));
  await openSshToInternet(org, accountId);
  await createUserWithOldKey(org, accountId);
};

const createBucket = (org: LocalOrg, accountId: string, Bucket: string) =>
  org
    .client(S3Client, accountId)
    .send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
    );

const createLogBucket = async (org: LocalOrg, accountId: string, Bucket: string) => {
  await createBucket(org, accountId, Bucket);
  const s3 = org.client(S3Client, accountId);
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const statement = {
    Sid: 'Trail',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['s3:GetBucketAcl', 's3:PutObject'],
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
  };
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
};

/** Creates a violating ingress rule next to a valid one, which the fix must keep. */
const openSshToInternet = async (org: LocalOrg, accountId: string) => {
  const ec2 = org.client(EC2Client, accountId);
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'bastion', Description: 'Entry for administrators' }),
  );
  const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { ...ssh, IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '192.0.2.0/24', Description: 'Office' }] },
      ],
    }),
  );
};

const createUserWithOldKey = async (org: LocalOrg, accountId: string) => {
  const iam = org.client(IAMClient, accountId);
  await iam.send(new CreateUserCommand({ UserName: 'deploy' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'deploy' }));
  const twoHundredDaysAgo = new Date(Date.now() - 200 * 86_400_000);
  org.ageAccessKey(accountId, AccessKey?.AccessKeyId ?? '', twoHundredDaysAgo);
};
