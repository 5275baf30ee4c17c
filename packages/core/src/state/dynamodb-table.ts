import { randomUUID } from 'node:crypto';

import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type CreateTableCommandInput,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';

import { defined } from '../base/defined.ts';
import type { CounterAdd, Table, TableItem, TableWrite } from './table.ts';

/** The key schema of the table. */
export const TABLE_KEYS = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
} satisfies Pick<CreateTableCommandInput, 'KeySchema' | 'AttributeDefinitions'>;

/** The table in DynamoDB: partition key `pk`, sort key `sk`, time to live `expiresAt` in epoch seconds. */
export const dynamoDbTable = (client: DynamoDBClient, TableName: string): Table => ({
  get: async (pk, sk) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(pk, sk), ConsistentRead: true }),
    );
    return Item && fromRow(Item);
  },

  put: (write) => putOnce(client, TableName, write),

  remove: (pk, sk, expected) =>
    unlessConditionFails(async () => {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(pk, sk), ...stillAt(expected) }));
      return true;
    }, false),

  query: async function* (pk) {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pk } },
      },
    );
    for await (const { Items = [] } of pages) yield* Items.map(fromRow);
  },

  add: (counter) => unlessConditionFails(() => addTo(client, TableName, counter), undefined),
});

/** Puts a row. When a retry of the SDK finds our own earlier write (same `writer` id), that counts as success. */
const putOnce = async (client: DynamoDBClient, TableName: string, write: TableWrite): Promise<boolean> => {
  const writer = randomUUID();
  const put = new PutItemCommand({
    TableName,
    Item: { ...toRow(write), writer: { S: writer } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...stillAt(write.expected),
  });
  try {
    await client.send(put);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error.Item?.['writer']?.S === writer;
    throw error;
  }
};

const addTo = async (
  client: DynamoDBClient,
  TableName: string,
  { pk, sk, amount, limit, expiresAt }: CounterAdd,
) => {
  // The condition below always holds for a counter that does not exist yet.
  if (amount > limit) return undefined;
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName,
      Key: keyOf(pk, sk),
      UpdateExpression: `ADD #count :amount${expiresAt ? ' SET expiresAt = :expiresAt' : ''}`,
      ConditionExpression: 'attribute_not_exists(#count) OR #count <= :room',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: {
        ':amount': { N: String(amount) },
        ':room': { N: String(limit - amount) },
        ...defined({ ':expiresAt': expiresAt && { N: epochSeconds(expiresAt) } }),
      },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return Number(Attributes?.['count']?.N);
};

const stillAt = (expected: number) =>
  expected === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'version = :expected',
        ExpressionAttributeValues: { ':expected': { N: String(expected) } },
      };

const keyOf = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });

const epochSeconds = (time: Date) => String(Math.ceil(time.getTime() / 1000));

const toRow = ({ pk, sk, data, expiresAt, expected }: TableWrite): Record<string, AttributeValue> => ({
  ...keyOf(pk, sk),
  version: { N: String(expected + 1) },
  data: { S: JSON.stringify(data) },
  ...defined({ expiresAt: expiresAt && { N: epochSeconds(expiresAt) } }),
});

const Row = z.object({
  pk: z.object({ S: z.string() }),
  sk: z.object({ S: z.string() }),
  version: z.object({ N: z.coerce.number() }).default({ N: 0 }),
  data: z
    .object({ S: z.string().transform((text) => z.json().parse(JSON.parse(text))) })
    .default({ S: null }),
  expiresAt: z.object({ N: z.coerce.number() }).optional(),
});

const fromRow = (row: Record<string, AttributeValue>): TableItem => {
  const { pk, sk, version, data, expiresAt } = Row.parse(row);
  return {
    pk: pk.S,
    sk: sk.S,
    version: version.N,
    data: data.S,
    ...defined({ expiresAt: expiresAt && new Date(expiresAt.N * 1000) }),
  };
};

const unlessConditionFails = async <T>(write: () => Promise<T>, otherwise: T): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return otherwise;
    throw error;
  }
};
