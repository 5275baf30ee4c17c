import { DECISIVE_ROWS, ROW_ACCESS, ROWS_OF_KEEPER, ROWS_OF_PEOPLE, type Grant } from '@compliance/core';

import { roleArn, type AccountPlace } from '../names/arn.ts';
import { EXECUTION_ROLES, KEEPER_ROLE, type FunctionKey } from '../names/names.ts';

/**
 * The key of DynamoDB's condition on the partition keys of a request. A request without keys, such as a Scan, has none.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
const LEADING_KEYS = 'dynamodb:LeadingKeys';

/** The table access of a function: by the keys of the rows that are its own. Nothing lists the whole table. */
export const tableGrants = (key: FunctionKey, table: string): readonly Grant[] => {
  const { writes, reads } = ROW_ACCESS[key];
  return [
    ...onRows(['GetItem', 'Query'], table, [...writes, ...reads]),
    ...onRows(['PutItem', 'UpdateItem', 'DeleteItem'], table, writes),
  ];
};

/** The table access of the keeper. It deletes no row. */
export const keeperTableGrants = (table: string): readonly Grant[] =>
  onRows(['GetItem', 'PutItem', 'Query'], table, ROWS_OF_KEEPER);

const onRows = (operations: readonly string[], resource: string, keys: readonly string[]): readonly Grant[] =>
  operations.map((operation) => ({
    action: `dynamodb:${operation}`,
    resource,
    condition: {
      'ForAllValues:StringLike': { [LEADING_KEYS]: [...keys].toSorted() },
      // ForAllValues also matches a request without the key.
      Null: { [LEADING_KEYS]: 'false' },
    },
  }));

/** Every action that writes items. A transaction needs the actions of its items. */
const ITEM_WRITES = [
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'PartiQLInsert',
  'PartiQLUpdate',
  'PartiQLDelete',
].map((operation) => `dynamodb:${operation}`);

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

interface TablePolicyInput {
  readonly master: AccountPlace;
  readonly tableArn: string;
  /** Roles that may write any row in an emergency. */
  readonly breakGlass: readonly string[];
}

/**
 * The table's own policy: nobody but the functions writes items, whatever IAM allows.
 * Reads and the control plane, such as Terraform's, are as IAM allows. People may still write what publishing settings
 * and redriving write, and the keeper has rows of its own.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html
 */
export const tablePolicy = ({ master, tableArn, breakGlass }: TablePolicyInput) => {
  const deny = (Sid: string, writers: readonly string[], condition: Condition) => {
    const roles = writers.map((name) => roleArn(master, name));
    const Condition: Condition = {
      ArnNotLike: { 'aws:PrincipalArn': [...roles, ...breakGlass] },
      ...condition,
    };
    return { Sid, Effect: 'Deny', Principal: '*', Action: ITEM_WRITES, Resource: tableArn, Condition };
  };
  const functions = [EXECUTION_ROLES.rule, EXECUTION_ROLES.remediation];
  return {
    Version: '2012-10-17',
    Statement: [
      deny('OnlyTheFunctionsWrite', functions, {
        'ForAnyValue:StringNotLike': { [LEADING_KEYS]: [...ROWS_OF_PEOPLE, ...ROWS_OF_KEEPER] },
      }),
      deny('OnlyTheFunctionsWriteWithoutAKey', functions, { Null: { [LEADING_KEYS]: 'true' } }),
      deny('OnlyTheRemediationFunctionDecides', [EXECUTION_ROLES.remediation], {
        'ForAnyValue:StringLike': { [LEADING_KEYS]: DECISIVE_ROWS },
      }),
      deny('OnlyTheKeeperRecordsHeads', [KEEPER_ROLE], {
        'ForAnyValue:StringLike': { [LEADING_KEYS]: ROWS_OF_KEEPER },
      }),
    ],
  };
};
