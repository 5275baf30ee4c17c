import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { lazyTable } from '../src/lazy-table.ts';

const row = { pk: { S: 'plan' }, sk: { S: 'plan-1' }, version: { N: '2' }, data: { S: '{"a":1}' } };
const item = { pk: 'plan', sk: 'plan-1', version: 2, data: { a: 1 } };

test('a lazy table reads and writes the table of its name', async () => {
  const session = fakeSession({
    allow: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    answers: [
      on(DynamoDBClient, GetItemCommand, () => ({ Item: row })),
      on(DynamoDBClient, PutItemCommand, () => ({})),
      on(DynamoDBClient, QueryCommand, () => ({ Items: [row] })),
    ],
  });
  const table = lazyTable(session, 'state');
  await expect(table.get('plan', 'plan-1')).resolves.toEqual(item);
  await expect(table.put({ pk: 'plan', sk: 'plan-1', data: {}, expected: 2 })).resolves.toBe(true);
  await expect(Array.fromAsync(table.query('plan'))).resolves.toEqual([item]);
  expect(session.sent).toMatchObject([
    { operation: 'GetItem', input: { TableName: 'state' } },
    { operation: 'PutItem', input: { TableName: 'state' } },
    { operation: 'Query', input: { TableName: 'state' } },
  ]);
});

test('the client of a lazy table is loaded once, on first use', async () => {
  let clients = 0;
  const session = fakeSession({
    allow: ['dynamodb:GetItem'],
    answers: [on(DynamoDBClient, GetItemCommand, () => ({}))],
  });
  const client: typeof session.client = (Class) => {
    clients += 1;
    return session.client(Class);
  };
  const table = lazyTable({ ...session, client }, 'state');
  expect(clients).toBe(0);
  await Promise.all([table.get('plan', 'a'), table.get('plan', 'b')]);
  expect(clients).toBe(1);
});
