import * as z from 'zod';

type Issue = z.core.$ZodRawIssue;

/**
 * What is wrong with a value, as the end of a sentence that begins with its path: `must be at least 1`.
 * The schema library's own sentences assume that one knows its types. A sentence of a schema goes before these.
 */
const sentenceOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input);
    case 'invalid_value':
      return wrongValue(issue.values, issue.input);
    case 'unrecognized_keys':
      return `unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.map((key) => `'${key}'`).join(', ')}`;
    case 'too_small':
      return limit(issue.inclusive === false ? 'more than' : 'at least', issue.minimum, issue.origin);
    case 'too_big':
      return limit(issue.inclusive === false ? 'less than' : 'at most', issue.maximum, issue.origin);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return wrongFormat(issue);
    case 'invalid_union':
      return 'has none of the accepted forms';
    case 'invalid_key':
      return 'has a key that is not accepted';
    case 'invalid_element':
      return 'has an entry that is not accepted';
    case 'custom':
      return 'is not valid';
    default:
      throw new Error(`Unknown issue ${JSON.stringify(issue satisfies never)}`);
  }
};

const wrongType = (expected: string, input: unknown): string => {
  if (input === undefined) return 'is missing';
  const quotes = expected === 'string' && typeof input === 'number' ? '; put it in quotes' : '';
  return `must be ${TYPES[expected] ?? expected}, not ${describe(input)}${quotes}`;
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a set of keys',
  record: 'a set of keys',
  date: 'a date',
};

const describe = (input: unknown): string => {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a set of keys';
  if (typeof input === 'string') return `the text '${shortened(input)}'`;
  if (typeof input === 'number') return `the number ${input}`;
  return typeof input === 'boolean' ? String(input) : `a ${typeof input}`;
};

const wrongValue = (values: readonly unknown[], input: unknown): string =>
  `${input === undefined ? 'is missing:' : 'must be'} ${alternatives.format(values.map(String))}`;

const alternatives = new Intl.ListFormat('en-GB', { type: 'disjunction' });

const limit = (bound: string, value: number | bigint, origin: string): string => {
  if (origin === 'string') return `must have ${bound} ${value} characters`;
  if (origin === 'array' || origin === 'set') return `must have ${bound} ${value} entries`;
  return `must be ${bound} ${value}`;
};

const wrongFormat = (issue: Extract<Issue, { code: 'invalid_format' }>): string => {
  const example = EXAMPLES[issue.format];
  if (example !== undefined) return `must be ${example}`;
  return 'pattern' in issue && issue.pattern !== undefined
    ? `must match ${issue.pattern}`
    : `must be a valid ${issue.format}`;
};

const EXAMPLES: Readonly<Record<string, string>> = {
  date: 'a date such as 2027-01-31',
  datetime: 'a time such as 2027-01-31T09:00:00Z',
  email: 'an e-mail address',
  url: 'a URL',
};

const shortened = (text: string) => (text.length <= 40 ? text : `${text.slice(0, 37)}...`);

/** Every mistake in one line, each behind its path: `limits.flaps.times: must be at least 1`. */
export const explainIssues = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ');

// For every schema of the process: rules have their own, and people read what they refuse.
z.config({ customError: sentenceOf });
