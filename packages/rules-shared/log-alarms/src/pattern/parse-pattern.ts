import { ANY, type Expression, type Operand, type Operator, type Selector } from './expression.ts';
import { regularExpression } from './regular-expression.ts';
import { wildcard } from './wildcard.ts';

/** Why a pattern cannot be read, as the end of a sentence. */
export interface Unreadable {
  readonly unreadable: string;
}

/**
 * Parses a filter pattern for JSON events. CloudWatch Logs keeps spaces, quotes, parentheses and the order of clauses as
 * they were typed. A pattern of any other kind or syntax is unreadable.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#matching-terms-json-log-events
 */
export const parsePattern = (pattern: string): Expression | Unreadable => {
  const text = pattern.trim();
  if (text === '') return { type: 'everything' };
  if (!text.startsWith('{') || !text.endsWith('}'))
    return { unreadable: 'its pattern is not one for JSON events' };
  try {
    return parseAll(text.slice(1, -1));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { unreadable: `its pattern has ${inAscii(error.message)}` };
  }
};

const LONGEST = 60;
const inAscii = (text: string): string => text.replaceAll(/[^ -~]/g, '?').slice(0, LONGEST);

const parseAll = (text: string): Expression => {
  const cursor = cursorOf(text);
  const expression = parseOr(cursor);
  if (!cursor.atEnd()) throw cursor.unexpected();
  return expression;
};

/** The text that is not yet read. */
interface Cursor {
  /** Skips spaces and reads what the expression matches here. */
  readonly read: (expected: RegExp) => RegExpExecArray | undefined;
  readonly require: (expected: RegExp) => RegExpExecArray;
  readonly atEnd: () => boolean;
  readonly unexpected: () => SyntaxError;
}

const cursorOf = (text: string): Cursor => {
  let position = 0;
  const read = (expected: RegExp) => {
    position += /^\s*/.exec(text.slice(position))?.[0].length ?? 0;
    const found = expected.exec(text.slice(position)) ?? undefined;
    position += found?.[0].length ?? 0;
    return found;
  };
  const unexpected = () => {
    const rest = text.slice(position).trim();
    return new SyntaxError(rest === '' ? 'an early end' : `an unexpected ${rest.slice(0, 20)}`);
  };
  const require = (expected: RegExp) => {
    const found = read(expected);
    if (!found) throw unexpected();
    return found;
  };
  return { read, require, unexpected, atEnd: () => text.slice(position).trim() === '' };
};

// && binds more closely than ||.
const parseOr = (cursor: Cursor): Expression =>
  parseTerms(cursor, { type: 'or', sign: /^\|\|/, of: parseAnd });
const parseAnd = (cursor: Cursor): Expression =>
  parseTerms(cursor, { type: 'and', sign: /^&&/, of: parseClause });

interface Terms {
  readonly type: 'and' | 'or';
  readonly sign: RegExp;
  readonly of: (cursor: Cursor) => Expression;
}

const parseTerms = (cursor: Cursor, { type, sign, of }: Terms): Expression => {
  const first = of(cursor);
  const terms = [first];
  while (cursor.read(sign)) terms.push(of(cursor));
  return terms.length === 1 ? first : { type, terms };
};

const parseClause = (cursor: Cursor): Expression => {
  if (!cursor.read(/^\(/)) return parseCondition(cursor);
  const inner = parseOr(cursor);
  cursor.require(/^\)/);
  return inner;
};

const parseCondition = (cursor: Cursor): Expression => {
  const selector = parseSelector(cursor);
  if (cursor.read(/^NOT\s+EXISTS\b/i)) return { type: 'exists', selector, expected: false };
  if (cursor.read(/^EXISTS\b/i)) return { type: 'exists', selector, expected: true };
  if (cursor.read(/^IS\b/i)) {
    const [word] = cursor.require(/^(?:NULL|TRUE|FALSE)\b/i);
    return { type: 'is', selector, value: IS[word.toUpperCase()] ?? null };
  }
  const [sign] = cursor.require(/^(?:!=|<=|>=|=|<|>)/);
  const operator = OPERATORS[sign] ?? '=';
  // Whether one or all of the values must differ is not described.
  if (operator === '!=' && selector.includes(ANY)) throw new SyntaxError('!= after a wildcard selector');
  const operand = parseOperand(cursor);
  if (/[<>]/.test(operator) && operand.number === undefined)
    throw new SyntaxError(`no number after ${operator}`);
  return { type: 'compare', selector, operator, operand };
};

const IS: Readonly<Record<string, boolean>> = { TRUE: true, FALSE: false };

const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** `$.a-b[0].c`, `$.['a.b']`, `$.a[*]`, `$.*` */
const parseSelector = (cursor: Cursor): Selector => {
  const [text] = cursor.require(/^\$(?:\.[\w-]+|\.\*|\.?\[(?:\d+|\*|'[^']*'|"[^"]*")\])+/);
  const steps = text.slice(1).match(/[\w-]+|\*|'[^']*'|"[^"]*"|\[\d+\]/g) ?? [];
  return steps.map((step) => {
    if (step === '*') return ANY;
    if (step.startsWith('[')) return Number(step.slice(1, -1));
    return /^['"]/.test(step) ? step.slice(1, -1) : step;
  });
};

const parseOperand = (cursor: Cursor): Operand => {
  const [, expression] = cursor.read(/^%([^%]*)%/) ?? [];
  if (expression !== undefined) return { matches: regularExpression(expression) };
  const [, quoted] = cursor.read(/^"((?:[^"\\]|\\.)*)"/s) ?? [];
  if (quoted !== undefined) return { matches: wildcard(quoted.replaceAll(/\\(.)/gs, '$1')) };
  const [bare] = cursor.require(/^[^\s"'%(){}&|=!<>,]+/);
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(bare);
  return { matches: wildcard(bare), ...(isNumber && { number: Number(bare) }) };
};
