import { readFile } from 'node:fs/promises';

import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type AttributeValue,
  type GetItemCommandInput,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';

import type { Json } from '../src/base/json.ts';
import type { Table } from '../src/state/table.ts';
import { fakeSession, memoryTable, on } from '../src/testing/index.ts';

export const readFixture = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8')) as T;

/** A row as DynamoDB holds it: a counter has a count, every other row a version and data. */
export interface StoredRow {
  readonly pk: string;
  readonly sk: string;
  readonly version?: number;
  readonly data?: object;
  readonly count?: number;
  /** Epoch seconds. */
  readonly expiresAt?: number;
}

/** A table with these rows, each at its version. */
export const tableOf = async (rows: readonly StoredRow[]): Promise<Table> => {
  const table = memoryTable();
  for (const { pk, sk, version = 0, data = {}, count, expiresAt } of rows) {
    const row = { pk, sk, ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt * 1000) }) };
    if (count !== undefined) await table.add({ ...row, amount: count, limit: Infinity });
    for (let expected = 0; expected < version; expected += 1) await table.put({ ...row, data, expected });
  }
  return table;
};

/** A fake of DynamoDB that holds these rows and answers reads. */
export const dynamoDbOf = (rows: readonly StoredRow[]): DynamoDBClient =>
  fakeSession({
    allow: ['dynamodb:GetItem', 'dynamodb:Query'],
    answers: [
      on(DynamoDBClient, GetItemCommand, ({ Key }: GetItemCommandInput) => {
        const row = rows.find(({ pk, sk }) => pk === Key?.['pk']?.S && sk === Key['sk']?.S);
        return row ? { Item: attributesOf(row) } : {};
      }),
      on(DynamoDBClient, QueryCommand, ({ ExpressionAttributeValues }: QueryCommandInput) => ({
        Items: rows.filter(({ pk }) => pk === ExpressionAttributeValues?.[':pk']?.S).map(attributesOf),
      })),
    ],
  }).client(DynamoDBClient);

const attributesOf = (row: StoredRow): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, attributeOf(value as Json)]));

const attributeOf = (value: Json): AttributeValue => {
  if (typeof value === 'number') return { N: String(value) };
  return { S: typeof value === 'string' ? value : JSON.stringify(value) };
};
