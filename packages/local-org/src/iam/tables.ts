import { DescribeTableCommand, DynamoDBClient, GetResourcePolicyCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { createCache } from '../base/cache.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import { regionalArn } from '../permissions/required-permission.ts';
import { text, type Call } from '../protocol/call.ts';
import type { Context } from './condition.ts';
import { parsePolicy, type PolicyDocument } from './policy.ts';

/** Reads the tables of DynamoDB from the emulator: their resource policies and partition keys. */
export interface Tables {
  /** The policy of a table: one or none. */
  readonly policiesOf: (tableArn: string) => Promise<readonly PolicyDocument[]>;
  /** The partition keys of a request. One without keys, such as a Scan, does not have the condition key. */
  readonly contextOf: (call: Call) => Promise<Context>;
  /** Receives every completed call; a write to a table's settings invalidates the cache. */
  readonly onCompleted: (call: Call) => void;
}

export const createTables = (clients: EmulatorClients): Tables => {
  const policies = createCache<readonly PolicyDocument[]>();
  const keys = createCache<string | undefined>();

  const clientFor = (arn: string) => {
    const [, , , region = '', accountId = ''] = arn.split(':');
    return clients(DynamoDBClient, { accountId, region });
  };
  const partitionKeyOf = async (arn: string) =>
    keys.read(arn, async () => {
      const found = await undefinedIfNotFound(
        clientFor(arn).send(new DescribeTableCommand({ TableName: arn.split('/')[1] })),
        'ResourceNotFoundException',
      );
      return found?.Table?.KeySchema?.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
    });

  return {
    policiesOf: async (arn) =>
      policies.read(arn, async () => {
        const found = await undefinedIfNotFound(
          clientFor(arn).send(new GetResourcePolicyCommand({ ResourceArn: arn })),
          'PolicyNotFoundException',
          'ResourceNotFoundException',
        );
        return found?.Policy === undefined ? [] : [parsePolicy(found.Policy)];
      }),
    contextOf: async (call) => {
      const table = text(call, 'TableName');
      if (call.service !== 'dynamodb' || table === undefined || !HAS_KEYS.test(call.operation)) return {};
      const partitionKey = await partitionKeyOf(regionalArn(call, 'dynamodb', 'table/', table));
      return partitionKey === undefined ? {} : { 'dynamodb:leadingkeys': leadingKey(call, partitionKey) };
    },
    onCompleted: ({ service, operation }) => {
      if (service !== 'dynamodb' || !/Table|ResourcePolicy/.test(operation)) return;
      policies.invalidate();
      keys.invalidate();
    },
  };
};

/** The operations on one table that name a partition. Batches and transactions are not read: they have no key here. */
const HAS_KEYS = /^(Get|Put|Update|Delete)Item$|^Query$/;

const itemSchema = z.record(z.string(), z.looseObject({ S: z.string().optional() }));
const inputSchema = z.object({
  Key: itemSchema.optional(),
  Item: itemSchema.optional(),
  KeyConditionExpression: z.string().default(''),
  ExpressionAttributeValues: itemSchema.default({}),
});

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
const leadingKey = ({ input }: Call, partitionKey: string): readonly string[] | undefined => {
  const { Key, Item, KeyConditionExpression, ExpressionAttributeValues } = inputSchema.parse(input);
  const placeholder = new RegExp(`\\b${partitionKey}\\s*=\\s*(:\\w+)`).exec(KeyConditionExpression)?.[1];
  const value =
    (Key ?? Item)?.[partitionKey]?.S ??
    (placeholder === undefined ? undefined : ExpressionAttributeValues[placeholder]?.S);
  return value === undefined ? undefined : [value];
};
