import * as z from 'zod';
import { text, type Call } from '../protocol/call.ts';
import {
  regionalArn,
  actionsOn,
  type RequiredPermission,
  type ServicePermissions,
} from './required-permission.ts';

const tableArn = (call: Call, table: string): string => regionalArn(call, 'dynamodb', 'table/', table);
const table = (call: Call): readonly string[] => [tableArn(call, text(call, 'TableName') ?? '*')];
const tableOrIndex = (call: Call): readonly string[] => {
  const index = text(call, 'IndexName');
  return table(call).map((tableName) => (index === undefined ? tableName : `${tableName}/index/${index}`));
};
const batchTables = (call: Call): readonly string[] =>
  Object.keys(z.record(z.string(), z.unknown()).parse(call.input['RequestItems'])).map((name) =>
    tableArn(call, name),
  );
const transactItemsSchema = z.array(z.record(z.string(), z.object({ TableName: z.string() })));
const TRANSACT_ACTIONS: Readonly<Record<string, string>> = {
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
};
const transactItems = (call: Call): readonly RequiredPermission[] =>
  transactItemsSchema
    .parse(call.input['TransactItems'])
    .flatMap((item) => Object.entries(item))
    .map(([kind, { TableName }]) => ({
      action: TRANSACT_ACTIONS[kind] ?? `dynamodb:${kind}`,
      resource: tableArn(call, TableName),
    }));

export const dynamodbPermissions: ServicePermissions = {
  ...actionsOn(table, 'GetItem PutItem UpdateItem DeleteItem DescribeTable DescribeTimeToLive'),
  ...actionsOn(tableOrIndex, 'Query Scan'),
  ...actionsOn(batchTables, 'BatchGetItem BatchWriteItem'),
  TransactWriteItems: transactItems,
  TransactGetItems: transactItems,
};
