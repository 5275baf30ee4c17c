import { awsError } from '../protocol/aws-error.ts';
import type { AutomationDocument, Parameter } from './automation-document.ts';

/**
 * Converts parameters (lists of text) to their declared types, checks them and adds defaults.
 * @throws {AwsError} InvalidAutomationExecutionParametersException naming the parameter
 */
export const automationParameterValues = (
  { parameters: declared = {} }: AutomationDocument,
  given: Readonly<Record<string, readonly string[]>>,
): Map<string, unknown> => {
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0) throw invalid(`The document does not declare the parameter ${unknown.join(', ')}.`);
  return new Map(
    Object.entries(declared).map(([name, parameter]): [string, unknown] => {
      const values = given[name];
      if (values === undefined && parameter.default === undefined)
        throw invalid(`Parameter ${name} is missing.`);
      const value = values === undefined ? parameter.default : typed(name, parameter, values);
      assertAllowed(name, parameter, value);
      return [name, value];
    }),
  );
};

const typed = (name: string, { type }: Parameter, values: readonly string[]): unknown => {
  if (type === 'StringList') return values;
  if (type === 'MapList') return values.map((value) => parseJson(name, value));
  const [value, ...more] = values;
  if (value === undefined || more.length > 0)
    throw invalid(`Parameter ${name} of type ${type} takes one value, not ${values.length}.`);
  switch (type) {
    case 'Boolean':
      return value.toLowerCase() === 'true';
    case 'Integer':
      return Number(value);
    case 'StringMap':
      return parseJson(name, value);
    case 'String':
    case 'AWS::IAM::Role::Arn':
      return value;
    default:
      throw invalid(`Parameter ${name}: unknown type ${String(type satisfies never)}.`);
  }
};

const parseJson = (name: string, value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    throw invalid(`Parameter ${name} is not JSON: ${value}`);
  }
};

const assertAllowed = (
  name: string,
  { allowedPattern, allowedValues, minChars = 0, maxChars = 512 }: Parameter,
  value: unknown,
): void => {
  for (const item of [value].flat()) {
    if (allowedValues !== undefined && !allowedValues.some((allowed) => allowed === item)) {
      throw invalid(`Parameter ${name}: ${String(item)} is not one of ${allowedValues.join(', ')}.`);
    }
    if (typeof item !== 'string') continue;
    if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(item)) {
      throw invalid(`Parameter ${name}: '${item}' does not match ${allowedPattern}.`);
    }
    if (item.length < minChars || item.length > maxChars) {
      throw invalid(`Parameter ${name}: ${item.length} characters, allowed are ${minChars} to ${maxChars}.`);
    }
  }
};

const invalid = (message: string) => awsError('InvalidAutomationExecutionParametersException', message, 400);
