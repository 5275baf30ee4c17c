import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { managementAccount } from '@compliance/organization/testing';

import { rule } from '../src/rule.ts';

const recorded = async (admin: Session) => {
  const s3BucketName = `config-${admin.accountId}-${admin.region}`;
  await admin.client(S3Client).send(
    new CreateBucketCommand({
      Bucket: s3BucketName,
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
  const client = admin.client(ConfigServiceClient);
  const roleARN = `arn:aws:iam::${admin.accountId}:role/config`;
  await client.send(
    new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: 'default', roleARN } }),
  );
  await client.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName } }));
  await client.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
};

const withTable = (TableName: string, purpose: string) => async (admin: Session) => {
  await admin.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      Tags: [{ Key: 'purpose', Value: purpose }],
    }),
  );
};

describeRuleContract(rule, {
  parameters: { allowedTags: { purpose: 'governance' } },
  compliant: {
    'a management account with a table that governs': managementAccount(
      recorded,
      withTable('compliance-state', 'governance'),
    ),
  },
  nonCompliant: {},
  manual: {
    'a management account with a table of an application': managementAccount(
      recorded,
      withTable('orders', 'shop'),
    ),
    'a management account that AWS Config does not record': managementAccount(),
  },
  notApplicable: {
    'an account in no organization': async (admin) => ({
      resourceType: 'AWS::::Account',
      resourceId: admin.accountId,
    }),
  },
});
