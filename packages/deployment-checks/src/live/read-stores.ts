import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { GetBucketLocationCommand, S3Client } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Session } from '@compliance/core';
import {
  AUDIT_LOG_GROUP,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  functionLogGroup,
  ledgerBucket,
  settingsBucket,
  topicArn,
} from '@compliance/infra';

import type { DeployedTable, NamedResource } from '../model/deployment.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import { undefinedIfNotFound, type Fragment } from './fragment.ts';

/** Reads the table, buckets, parameter and topic of the master account. */
export const readStores = async (home: Session): Promise<Fragment> => {
  const { accountId, region } = home;
  const [tables, buckets, parameters, topics] = await Promise.all([
    tablesIn(home),
    bucketsOf(home),
    exists(home, STOP_PARAMETER, 'ParameterNotFound', (Name) =>
      home.client(SSMClient).send(new GetParameterCommand({ Name })),
    ),
    exists(home, TOPIC, 'NotFound', (name) =>
      home.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: topicArn(home, name) })),
    ),
  ]);
  return { tables, buckets, parameters, topics, coverage: [{ part: 'stores', accountId, region }] };
};

/** Reads the log groups of a Region to which the functions write. */
export const readLogGroups = async (session: Session): Promise<Fragment> => {
  const { accountId, region } = session;
  return {
    logGroups: await logGroupsIn(session, [
      AUDIT_LOG_GROUP,
      functionLogGroup('rule'),
      functionLogGroup('remediation'),
    ]),
    coverage: [{ part: 'logGroups', accountId, region }],
  };
};

/** Reads which of these log groups exist. */
export const logGroupsIn = async (
  session: Session,
  wanted: readonly string[],
): Promise<readonly NamedResource[]> => {
  const names = await Promise.all(
    wanted.map(async (logGroupNamePrefix) => {
      const pages = paginateDescribeLogGroups(
        { client: session.client(CloudWatchLogsClient) },
        { logGroupNamePrefix },
      );
      for await (const { logGroups = [] } of pages)
        if (logGroups.some(({ logGroupName }) => logGroupName === logGroupNamePrefix))
          return logGroupNamePrefix;
      return undefined;
    }),
  );
  const { accountId, region } = session;
  return names.flatMap((name) => (name === undefined ? [] : { accountId, region, name }));
};

const tablesIn = async (home: Session): Promise<readonly DeployedTable[]> => {
  const client = home.client(DynamoDBClient);
  const response = await undefinedIfNotFound(
    client.send(new DescribeTableCommand({ TableName: STATE_TABLE })),
    'ResourceNotFoundException',
  );
  if (!response?.Table) return [];
  const { TimeToLiveDescription: expiry } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: STATE_TABLE }),
  );
  const policy = await undefinedIfNotFound(
    client.send(new GetResourcePolicyCommand({ ResourceArn: response.Table.TableArn })),
    'PolicyNotFoundException',
  );
  const isOn = ['ENABLED', 'ENABLING'].includes(expiry?.TimeToLiveStatus ?? '');
  return [
    {
      accountId: home.accountId,
      region: home.region,
      name: STATE_TABLE,
      keys: keysOf(response.Table),
      expiryAttribute: isOn ? expiry?.AttributeName : undefined,
      policy: parsePolicyDocument(policy?.Policy),
    },
  ];
};

const keysOf = ({ KeySchema = [], AttributeDefinitions = [] }: TableDescription): DeployedTable['keys'] =>
  KeySchema.map(({ AttributeName: name = '', KeyType }) => ({
    name,
    role: KeyType === 'HASH' ? 'HASH' : 'RANGE',
    type: AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? '',
  }));

const bucketsOf = async (home: Session): Promise<readonly NamedResource[]> => {
  const { accountId } = home;
  const found = await Promise.all(
    [settingsBucket(accountId), ledgerBucket(accountId)].map(async (name) => {
      const response = await undefinedIfNotFound(
        home
          .client(S3Client)
          .send(new GetBucketLocationCommand({ Bucket: name, ExpectedBucketOwner: accountId })),
        'NoSuchBucket',
      );
      // S3 returns no location for us-east-1.
      return response && { accountId, region: response.LocationConstraint ?? 'us-east-1', name };
    }),
  );
  return found.filter((bucket) => bucket !== undefined);
};

const exists = async (
  { accountId, region }: Session,
  name: string,
  code: string,
  read: (name: string) => Promise<unknown>,
): Promise<readonly NamedResource[]> =>
  (await undefinedIfNotFound(read(name), code, `${code}Exception`)) === undefined
    ? []
    : [{ accountId, region, name }];
