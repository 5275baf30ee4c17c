import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Session, Table } from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';

export const stateTable = (session: Session, name: string): Table =>
  dynamoDbTable(session.client(DynamoDBClient), name);
