import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { STATE_TABLE } from '@compliance/infra';

import type { MasterAccess } from './master-access.ts';

/** Where plans and the journals of changes are kept. */
export const stateTable = (access: MasterAccess): Table =>
  dynamoDbTable(new DynamoDBClient(access), STATE_TABLE);
