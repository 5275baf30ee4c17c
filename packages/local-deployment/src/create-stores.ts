import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTableCommand,
  DynamoDBClient,
  PutResourcePolicyCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client, type CreateBucketCommandInput } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { TABLE_KEYS } from '@compliance/core/state/dynamodb-table';
import {
  AUDIT_LOG_GROUP,
  FUNCTIONS,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  functionLogGroup,
  ledgerBucket,
  packBucket,
  settingsBucket,
  tablePolicy,
  type FunctionKey,
} from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

/** Creates the table, buckets, topic, stop switch and log groups of the master account. */
export const createStores = async (org: LocalOrg, { stopped }: { stopped: boolean }): Promise<void> => {
  const { id } = org.organization.master;
  await Promise.all([
    createStateTable(org),
    createBucket(org, settingsBucket(id)),
    createBucket(org, ledgerBucket(id)),
    ...org.regions.map((region) => createBucket(org, packBucket(id, region), region)),
    org.client(SNSClient, id).send(new CreateTopicCommand({ Name: TOPIC })),
    org
      .client(SSMClient, id)
      .send(new PutParameterCommand({ Name: STOP_PARAMETER, Value: stopped ? 'on' : 'off', Type: 'String' })),
    ...org.regions.flatMap((region) => logGroups.map((name) => createLogGroup(org, name, region))),
  ]);
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys lists the keys of FUNCTIONS.
const logGroups = [AUDIT_LOG_GROUP, ...(Object.keys(FUNCTIONS) as FunctionKey[]).map(functionLogGroup)];

const createLogGroup = (org: LocalOrg, logGroupName: string, region: string) =>
  org
    .client(CloudWatchLogsClient, org.organization.master.id, region)
    .send(new CreateLogGroupCommand({ logGroupName }));

const createBucket = (org: LocalOrg, bucket: string, region = org.homeRegion) =>
  org.client(S3Client, org.organization.master.id, region).send(createBucketCommand(bucket, region));

export const createBucketCommand = (
  Bucket: string,
  region: string,
  more: Pick<CreateBucketCommandInput, 'ObjectLockEnabledForBucket'> = {},
): CreateBucketCommand =>
  new CreateBucketCommand({
    Bucket,
    ...more,
    // S3 refuses us-east-1, and only that Region, as a location constraint.
    ...(region !== 'us-east-1' && {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK knows the Regions of its release only.
      CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' },
    }),
  });

const createStateTable = async (org: LocalOrg) => {
  const client = org.client(DynamoDBClient, org.organization.master.id);
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: STATE_TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      ...TABLE_KEYS,
    }),
  );
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: STATE_TABLE,
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    }),
  );
  const { TableArn: tableArn = '' } = TableDescription ?? {};
  const master = { partition: 'aws', accountId: org.organization.master.id };
  await client.send(
    new PutResourcePolicyCommand({
      ResourceArn: tableArn,
      Policy: JSON.stringify(tablePolicy({ master, tableArn, breakGlass: [] })),
    }),
  );
};
