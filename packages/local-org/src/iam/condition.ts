import { globMatches } from './glob.ts';
import { PolicyError } from './policy-error.ts';

/**
 * The condition keys of a request, in lower case. `undefined` means that the request does not have the key; a key
 * that is not listed is not supported: a policy that uses it is an error, so that the call is denied.
 */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The Condition element of a statement: operator → key → accepted values. */
export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

type Comparison = (actual: string, expected: string) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (actual, expected) => globMatches(expected, actual),
  // The two ARN operators are the same in AWS: each of the six parts may have wildcards.
  ArnEquals: (actual, expected) => arnMatches(expected, actual),
  ArnLike: (actual, expected) => arnMatches(expected, actual),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  NumericEquals: (actual, expected) => Number(actual) === Number(expected),
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericLessThanEquals: (actual, expected) => Number(actual) <= Number(expected),
  NumericGreaterThan: (actual, expected) => Number(actual) > Number(expected),
  NumericGreaterThanEquals: (actual, expected) => Number(actual) >= Number(expected),
};

const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

/**
 * Whether the request meets every operator and key of the condition.
 * @throws {PolicyError} for an unsupported operator, key or policy variable.
 */
export const conditionMet = (condition: Condition, context: Context): boolean =>
  // Evaluate all: an unsupported operator is an error even after one that is not met.
  Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, expected]) => operatorMet(operator, key, expected, context)),
    )
    .every(Boolean);

/** Fills in policy variables (`${aws:PrincipalAccount}`); `undefined` when one has no value. */
export const fillVariables = (text: string, context: Context): string | undefined => {
  let complete = true;
  const filled = text.replaceAll(/\$\{([^}]+)\}/g, (_, key: string) => {
    const [value] = lookUp(key, context) ?? [];
    complete &&= value !== undefined;
    return value ?? '';
  });
  return complete ? filled : undefined;
};

const lookUp = (key: string, context: Context): readonly string[] | undefined => {
  const name = key.toLowerCase();
  if (!Object.hasOwn(context, name)) throw new PolicyError(`the condition key '${key}'`);
  const value = context[name];
  return typeof value === 'string' ? [value] : value;
};

const operatorMet = (
  operator: string,
  key: string,
  expected: readonly string[],
  context: Context,
): boolean => {
  if (operator === 'Null') return expected.includes(String(lookUp(key, context) === undefined));
  const { quantifier, name, ifExists } = parseOperator(operator);
  const negated = NEGATIONS[name];
  const compare = COMPARISONS[negated ?? name];
  if (compare === undefined) throw new PolicyError(`the condition operator '${operator}'`);

  const actual = lookUp(key, context);
  const values = expected.flatMap((value) => fillVariables(value, context) ?? []);
  const meets = (value: string): boolean =>
    values.some((candidate) => compare(value, candidate)) === (negated === undefined);
  if (actual === undefined)
    return ifExists || quantifier === 'ForAllValues' || (negated !== undefined && !quantifier);
  return quantifier === 'ForAnyValue' ? actual.some(meets) : actual.every(meets);
};

const parseOperator = (
  operator: string,
): { quantifier: string | undefined; name: string; ifExists: boolean } => {
  const [, quantifier, name = operator, ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  return { quantifier, name, ifExists: ifExists !== undefined };
};

const arnMatches = (pattern: string, arn: string): boolean => {
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  return (
    patterns.length === parts.length && patterns.every((part, index) => globMatches(part, parts[index] ?? ''))
  );
};

const arnParts = (arn: string): readonly string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};
