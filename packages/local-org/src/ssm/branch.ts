import type { Choice, Comparison } from './automation-document.ts';
import { substitute, substituteText, type Variables } from './variables.ts';

/** The next step of an aws:branch; `undefined` when no choice matches and there is no default. */
export const branchTarget = (
  {
    Choices: choices,
    Default: otherwise,
  }: { readonly Choices: readonly Choice[]; readonly Default?: string | undefined },
  variables: Variables,
): string | undefined => choices.find((choice) => matches(choice, variables))?.NextStep ?? otherwise;

const matches = (choice: Choice, variables: Variables): boolean => {
  if ('And' in choice) return choice.And.every((comparison) => compare(comparison, variables));
  if ('Or' in choice) return choice.Or.some((comparison) => compare(comparison, variables));
  if ('Not' in choice) return !compare(choice.Not, variables);
  const { NextStep: _, ...comparison } = choice;
  return compare(comparison, variables);
};

const compare = ({ Variable: variable, ...operators }: Comparison, variables: Variables): boolean => {
  const actual = substituteText(variable, variables);
  return Object.entries(operators).every(([operator, operand]) => {
    const test = OPERATORS.get(operator);
    if (test === undefined)
      throw new Error(`Not supported by the local SSM: operator ${operator} of aws:branch.`);
    return test(actual, String(substitute(operand, variables)));
  });
};

const OPERATORS = new Map<string, (actual: string, operand: string) => boolean>([
  ['StringEquals', (actual, operand) => actual === operand],
  ['StringEqualsIgnoreCase', (actual, operand) => actual.toLowerCase() === operand.toLowerCase()],
  ['StartsWith', (actual, operand) => actual.startsWith(operand)],
  ['EndsWith', (actual, operand) => actual.endsWith(operand)],
  ['Contains', (actual, operand) => actual.includes(operand)],
  ['BooleanEquals', (actual, operand) => actual.toLowerCase() === operand.toLowerCase()],
  ['NumericEquals', (actual, operand) => Number(actual) === Number(operand)],
  ['NumericGreater', (actual, operand) => Number(actual) > Number(operand)],
  ['NumericGreaterOrEquals', (actual, operand) => Number(actual) >= Number(operand)],
  ['NumericLesser', (actual, operand) => Number(actual) < Number(operand)],
  ['NumericLesserOrEquals', (actual, operand) => Number(actual) <= Number(operand)],
]);
