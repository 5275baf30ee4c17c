import { awsError } from '../protocol/aws-error.ts';

/** A query as far as it is supported: fields, and values of fields joined by AND. */
export interface Query {
  readonly fields: readonly string[];
  readonly matches: (columns: Readonly<Record<string, unknown>>) => boolean;
  /** The resource types that it asks for. */
  readonly types: readonly string[];
}

/**
 * Parses `SELECT a, b WHERE c = 'x' AND d IN ('y', 'z')`.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/query-components.html
 */
export const parseQuery = (expression: string): Query => {
  const [, fieldList, conditionList] = /^\s*SELECT\s+(.+?)\s+WHERE\s+(.+?)\s*$/is.exec(expression) ?? [];
  if (fieldList === undefined || conditionList === undefined) throw unsupported(expression);
  const conditions = conditionList.split(/\s+AND\s+/i).map((condition) => {
    const [, field, one, several] =
      /^(\w+)\s*(?:=\s*'([^']*)'|IN\s*\(((?:\s*'[^']*'\s*,?)+)\))$/i.exec(condition.trim()) ?? [];
    if (field === undefined) throw unsupported(condition);
    const values =
      one === undefined ? [...(several ?? '').matchAll(/'([^']*)'/g)].map(([, value = '']) => value) : [one];
    return { field, values: new Set(values) };
  });
  return {
    fields: fieldList.split(',').map((field) => field.trim()),
    matches: (columns) => conditions.every(({ field, values }) => values.has(String(columns[field]))),
    types: conditions.flatMap(({ field, values }) => (field === 'resourceType' ? [...values] : [])),
  };
};

const unsupported = (text: string) =>
  awsError('InvalidExpressionException', `Not supported by the local AWS Config: ${text}`, 400);
