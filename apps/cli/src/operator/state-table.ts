import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Table } from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { STATE_TABLE } from '@compliance/infra';

/** The table of plans and of the journals of changes. */
export const stateTable = (access: DynamoDBClientConfig): Table =>
  dynamoDbTable(new DynamoDBClient(access), STATE_TABLE);
