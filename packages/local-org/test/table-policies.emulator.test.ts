import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { randomInt } from 'node:crypto';
import { startGateway, type Gateway } from '../src/gateway/start-gateway.ts';

const ACCOUNT = String(randomInt(100_000_000_000, 999_999_999_999));
const REGION = 'eu-west-1';
const KEY = 'dynamodb:LeadingKeys';
let gateway: Gateway;

const document = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

/** A client of a role with these statements. */
const clientOf = async (name: string, statement: object) => {
  const options = { region: REGION, endpoint: gateway.url, credentials: gateway.issueAdmin(ACCOUNT) };
  const iam = new IAMClient(options);
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: document({ Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: 'rows', PolicyDocument: document(statement) }),
  );
  const { Credentials: found } = await new STSClient(options).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`, RoleSessionName: name }),
  );
  const credentials = {
    accessKeyId: found?.AccessKeyId ?? '',
    secretAccessKey: found?.SecretAccessKey ?? '',
    sessionToken: found?.SessionToken ?? '',
  };
  return new DynamoDBClient({ ...options, credentials, maxAttempts: 1 });
};

const TABLE = { TableName: 'rows' };
const item = (pk: string) => ({ pk: { S: pk }, sk: { S: 'a' } });
const put = (pk: string) => new PutItemCommand({ ...TABLE, Item: item(pk) });
const get = (pk: string) => new GetItemCommand({ ...TABLE, Key: item(pk) });
const query = (pk: string) =>
  new QueryCommand({
    ...TABLE,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
  });
const DENIED = { name: 'AccessDeniedException' };

beforeAll(async () => {
  gateway = await startGateway({ upstream: inject('emulator') });
  const admin = new DynamoDBClient({
    region: REGION,
    endpoint: gateway.url,
    credentials: gateway.issueAdmin(ACCOUNT),
  });
  await admin.send(
    new CreateTableCommand({
      ...TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
  const ResourceArn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/rows`;
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'dynamodb:PutItem',
        Resource: ResourceArn,
        Condition: {
          ArnNotLike: { 'aws:PrincipalArn': [`arn:aws:iam::${ACCOUNT}:role/writer`] },
          'ForAnyValue:StringNotLike': { [KEY]: ['free#*'] },
        },
      },
    ],
  });
  await admin.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
});

afterAll(() => gateway.stop());

test('a role reads and writes rows by their partition keys alone', async () => {
  const writer = await clientOf('writer', {
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:Scan'],
    Resource: '*',
    Condition: {
      'ForAllValues:StringLike': { [KEY]: ['plan', 'change#*'] },
      Null: { [KEY]: 'false' },
    },
  });
  for (const pk of ['plan', 'change#1']) {
    await expect(writer.send(put(pk)), pk).resolves.toBeDefined();
    await expect(writer.send(get(pk)), pk).resolves.toBeDefined();
  }
  await expect(writer.send(query('change#1'))).resolves.toMatchObject({ Count: 1 });
  for (const pk of ['decision', 'planned', 'change']) {
    await expect(writer.send(put(pk)), pk).rejects.toMatchObject(DENIED);
    await expect(writer.send(get(pk)), pk).rejects.toMatchObject(DENIED);
  }
  await expect(writer.send(query('decision'))).rejects.toMatchObject(DENIED);
  await expect(writer.send(new ScanCommand(TABLE))).rejects.toMatchObject(DENIED);
});

test('the policy of a table denies writes that IAM allows, and no reads', async () => {
  const other = await clientOf('other', { Action: 'dynamodb:*', Resource: '*' });
  await expect(other.send(put('plan'))).rejects.toMatchObject(DENIED);
  await expect(other.send(put('free#1'))).resolves.toBeDefined();
  await expect(other.send(get('plan'))).resolves.toBeDefined();
  await expect(other.send(new ScanCommand(TABLE))).resolves.toBeDefined();
});
