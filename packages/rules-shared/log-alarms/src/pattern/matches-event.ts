import type { Json } from '@compliance/core/rule';

import { ANY, type Expression, type Operand, type Operator, type Selector } from './expression.ts';

/** Whether CloudWatch Logs counts an event for a pattern. */
export const matchesEvent = (expression: Expression, event: Json): boolean => {
  switch (expression.type) {
    case 'everything':
      return true;
    case 'and':
      return expression.terms.every((term) => matchesEvent(term, event));
    case 'or':
      return expression.terms.some((term) => matchesEvent(term, event));
    case 'exists':
      return valuesAt(event, expression.selector).length > 0 === expression.expected;
    case 'is':
      return valuesAt(event, expression.selector).includes(expression.value);
    case 'compare':
      return valuesAt(event, expression.selector).some((value) => compares(value, expression));
    default:
      return expression satisfies never;
  }
};

/** What a selector points to: nothing, one value, or several after a wildcard. */
const valuesAt = (event: Json, selector: Selector): readonly Json[] =>
  selector.reduce<readonly Json[]>(
    (values, step) => values.flatMap((value) => (step === ANY ? childrenOf(value) : childOf(value, step))),
    [event],
  );

const childrenOf = (value: Json): readonly Json[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

const childOf = (value: Json, step: string | number): readonly Json[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof step === 'number'))
    return [];
  return Object.entries(value)
    .filter(([name]) => name === String(step))
    .map(([, child]) => child);
};

interface Comparison {
  readonly operator: Operator;
  readonly operand: Operand;
}

/**
 * Only strings and numbers compare: a field that is an object or a list matches neither `=` nor `!=`.
 * So does one that is absent, which no page says; AWS's own test of patterns does.
 * @see https://github.com/DataBiosphere/azul/issues/5884
 */
const compares = (value: Json, { operator, operand }: Comparison): boolean => {
  if (typeof value === 'number' && operand.number !== undefined)
    return COMPARE[operator](value, operand.number);
  if ((typeof value !== 'string' && typeof value !== 'number') || /[<>]/.test(operator)) return false;
  return operand.matches(String(value)) === (operator === '=');
};

const COMPARE: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
