import { permanent } from '../base/errors.ts';
import { isPlainObject } from '../base/json.ts';

/** Where a rule runs: the values of the placeholders in parameters. */
export interface ParameterPlace {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

const NAMES = ['accountId', 'region', 'partition'] as const satisfies readonly (keyof ParameterPlace)[];

// `${version}` is AWS's own syntax, in the format of a flow log, and stays.
const PLACEHOLDER = /(?<!\$)\{([A-Za-z]+)\}/g;

/**
 * Replaces `{accountId}`, `{region}` and `{partition}` in every text of a value.
 * @throws {ComplianceError} permanent `malformed-parameters` for any other name in braces
 */
export const expandPlaceholders = (value: unknown, place: ParameterPlace): unknown => {
  if (typeof value === 'string')
    return value.replaceAll(PLACEHOLDER, (_, name: string) => place[placeholderName(name)]);
  if (Array.isArray(value)) return value.map((element: unknown) => expandPlaceholders(element, place));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, expandPlaceholders(member, place)]),
  );
};

const placeholderName = (name: string): keyof ParameterPlace => {
  const known = NAMES.find((candidate) => candidate === name);
  if (known) return known;
  throw permanent(
    'malformed-parameters',
    `Unknown placeholder in a parameter: {${name}}. Known: ${NAMES.map((one) => `{${one}}`).join(', ')}.`,
  );
};
