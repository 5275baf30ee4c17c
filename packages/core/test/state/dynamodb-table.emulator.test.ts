import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';

import { dynamoDbTable, TABLE_KEYS } from '../../src/state/dynamodb-table.ts';
import { emulatedAccount } from '../../src/testing/emulator.ts';
import { describeTableContract } from '../table-contract.ts';

const TableName = 'compliance-state';

const openTable = async () => {
  const { admin } = await emulatedAccount();
  const client = admin.client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      ...TABLE_KEYS,
    }),
  );
  return { client, table: dynamoDbTable(client, TableName) };
};

describeTableContract('dynamoDbTable', async () => (await openTable()).table);

test('a counter keeps its expiry when it is only read', async () => {
  const { client, table } = await openTable();
  const expiresAt = new Date('2030-01-01T00:00:00.500Z');
  const counter = { pk: 'failures', sk: 'hour', limit: 9 };
  await table.add({ ...counter, amount: 1, expiresAt });
  await table.add({ ...counter, amount: 0 });
  const { Item } = await client.send(
    new GetItemCommand({ TableName, Key: { pk: { S: 'failures' }, sk: { S: 'hour' } } }),
  );
  expect(Item?.['expiresAt']).toEqual({ N: String(Date.parse('2030-01-01T00:00:01Z') / 1000) });
});

test('a query returns the rows of all pages', async () => {
  const { table } = await openTable();
  const data = { text: 'x'.repeat(300_000) };
  for (const sk of ['a', 'b', 'c', 'd', 'e']) await table.put({ pk: 'large', sk, data, expected: 0 });
  const found = await Array.fromAsync(table.query('large'));
  expect(found.map(({ sk }) => sk)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

describe('a write whose answer is lost', () => {
  /** The network breaks once, after the table has written. */
  const breakOnce = (client: DynamoDBClient) => {
    let isBroken = false;
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (isBroken) return answer;
        isBroken = true;
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      },
      { step: 'finalizeRequest', priority: 'low', name: 'breakOnce' },
    );
  };
  const row = { pk: 'plan', sk: 'a', data: { status: 'approved' } };

  test('a write whose answer is lost counts as done when its retry finds it', async () => {
    const { client, table } = await openTable();
    breakOnce(client);
    await expect(table.put({ ...row, expected: 0 })).resolves.toBe(true);
    await expect(table.get('plan', 'a')).resolves.toEqual({ ...row, version: 1 });
  });

  test('a retried write does not count as done when the row is another writer’s', async () => {
    const { client, table } = await openTable();
    await table.put({ ...row, expected: 0 });
    breakOnce(client);
    await expect(table.put({ ...row, expected: 0 })).resolves.toBe(false);
  });
});
