import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import {
  deliverOrKeep,
  keepUndelivered,
  partitionOf,
  SINKS,
  type Publisher,
  type Sink,
  type SinkName,
  type Table,
} from '@compliance/core';
import { cloudWatchLogsPublisher } from '@compliance/core/audit/cloudwatch-logs-publisher';
import { snsPublisher } from '@compliance/core/audit/sns-publisher';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { AUDIT_LOG_GROUP, STATE_TABLE, TOPIC, ledgerBucket, topicArn } from '@compliance/infra';
import { ledgerPublisher, s3Ledger } from '@compliance/ledger';

import type { DeployContext } from '../context/deploy-context.ts';

export const openStateTable = async (context: DeployContext): Promise<Table> => {
  const { masterAccountId: accountId, homeRegion: region } = context.settings.organization;
  return dynamoDbTable(await context.client(DynamoDBClient, { accountId, region }), STATE_TABLE);
};

/** Publishes what a deployment changed. What a sink does not take is kept, as for the functions. */
export const openPublisher = async (context: DeployContext, table: Table): Promise<Publisher> => {
  const sinks = await Promise.all(SINKS.map((name) => sinkOf(context, name)));
  return deliverOrKeep(
    sinks,
    keepUndelivered(table, () => new Date()),
  );
};

/** The audit log is in the Region of the function that wrote; topic and ledger are in the home Region. */
export const sinkOf = async (context: DeployContext, name: SinkName, writtenIn?: string): Promise<Sink> => {
  const { masterAccountId: accountId, homeRegion } = context.settings.organization;
  const region = writtenIn ?? homeRegion;
  const home = { accountId, region: homeRegion };
  switch (name) {
    case 'log': {
      const client = await context.client(CloudWatchLogsClient, { accountId, region });
      const logStreamName = `deploy-${new Date().toISOString().replaceAll(':', '-')}`;
      const destination = { client, logGroupName: AUDIT_LOG_GROUP, logStreamName, now: () => new Date() };
      return { name, deliver: cloudWatchLogsPublisher(destination) };
    }
    case 'topic': {
      const client = await context.client(SNSClient, home);
      const place = { partition: partitionOf(homeRegion), ...home };
      return { name, deliver: snsPublisher({ client, topicArn: topicArn(place, TOPIC) }) };
    }
    case 'ledger': {
      const client = await context.client(S3Client, home);
      return { name, deliver: ledgerPublisher(s3Ledger(client, ledgerBucket(accountId))) };
    }
    default:
      throw new Error(`Unknown sink ${String(name satisfies never)}`);
  }
};
