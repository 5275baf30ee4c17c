import { json, jsonError, type Answer } from './answer.ts';
import type { Call } from './parse-call.ts';
import type { Row, State } from './state.ts';

interface Input {
  readonly Key?: Row;
  readonly Item?: Row;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Row;
}

/** Fakes the state table, with only the conditions that the product uses. */
export const answerDynamoDb = ({ operation, body }: Call, { rows }: State): Answer => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK wrote it.
  const input = JSON.parse(body) as Input;
  const { Item, Key = Item ?? {}, ExpressionAttributeValues: values = {} } = input;
  const id = `${Key['pk']?.S ?? ''}|${Key['sk']?.S ?? ''}`;
  const row = rows.get(id);
  if (!isConditionMet(input, row)) return jsonError('ConditionalCheckFailedException');
  switch (operation) {
    case 'GetItem':
      return json(row ? { Item: row } : {});
    case 'PutItem':
      if (Item) rows.set(id, Item);
      return json({});
    case 'DeleteItem':
      rows.delete(id);
      return json({});
    case 'UpdateItem': {
      const count = Number(row?.['count']?.N ?? 0) + Number(values[':amount']?.N ?? 0);
      const Attributes: Row = { ...Key, ...row, count: { N: String(count) } };
      rows.set(id, Attributes);
      return json({ Attributes });
    }
    case 'Query': {
      const pk = values[':pk']?.S;
      return json({ Items: [...rows.values()].filter((candidate) => candidate['pk']?.S === pk) });
    }
    default:
      return jsonError('UnknownOperationException');
  }
};

const isConditionMet = (
  { ConditionExpression, ExpressionAttributeValues: values }: Input,
  row: Row | undefined,
) => {
  switch (ConditionExpression) {
    case undefined:
      return true;
    case 'attribute_not_exists(pk)':
      return row === undefined;
    case 'version = :expected':
      return row?.['version']?.N === values?.[':expected']?.N;
    case 'attribute_not_exists(#count) OR #count <= :room':
      return row?.['count'] === undefined || Number(row['count'].N) <= Number(values?.[':room']?.N);
    default:
      throw new Error(`The fake does not support the condition '${ConditionExpression}'.`);
  }
};
