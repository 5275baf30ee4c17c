import { textMatcher, type Branch, type Run } from './text-matcher.ts';

/**
 * Creates the matcher of a regular expression, given without its two `%`. It finds a match anywhere in a text.
 * @throws {SyntaxError} for anything that CloudWatch Logs does not describe
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions
 */
export const regularExpression = (source: string): ((text: string) => boolean) => {
  const tokens = source.match(TOKEN) ?? [];
  const strange = source.replace(TOKEN, '');
  if (strange !== '' || source === '') throw new SyntaxError(`the regular expression %${source}%`);
  return textMatcher(splitAtBars(tokens).map(branchOf));
};

const CLASS = String.raw`\[\^?(?:\\x[0-9A-Fa-f]{2}|\\[^x]|[^\]\\])+\]`;
const ESCAPED = String.raw`\\x[0-9A-Fa-f]{2}|\\[^x]`;
const QUANTIFIER = String.raw`\{(?:\d+(?:, ?\d*)?|, ?\d+)\}|[?*+]`;
const TOKEN = new RegExp(String.raw`${CLASS}|${ESCAPED}|${QUANTIFIER}|[|^$.]|[\w:#=@/;, -]`, 'g');
const IS_QUANTIFIER = new RegExp(`^(?:${QUANTIFIER})$`);

const splitAtBars = (tokens: readonly string[]): string[][] =>
  tokens.reduce<string[][]>(
    (branches, token) =>
      token === '|' ? [...branches, []] : [...branches.slice(0, -1), [...(branches.at(-1) ?? []), token]],
    [[]],
  );

const branchOf = (tokens: readonly string[]): Branch => {
  const fromStart = tokens[0] === '^';
  const toEnd = tokens.at(-1) === '$';
  const inner = tokens.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  const runs: Run[] = [];
  for (const token of inner) {
    const last = runs.at(-1);
    if (!IS_QUANTIFIER.test(token)) runs.push({ accepts: kindOf(token), min: 1, max: 1 });
    else if (last && last.min === 1 && last.max === 1) runs[runs.length - 1] = { ...last, ...timesOf(token) };
    else throw new SyntaxError(`${token} without a term to repeat`);
  }
  return { runs, fromStart, toEnd };
};

const timesOf = (quantifier: string): Pick<Run, 'min' | 'max'> => {
  if (quantifier === '?') return { min: 0, max: 1 };
  if (quantifier === '*') return { min: 0, max: Infinity };
  if (quantifier === '+') return { min: 1, max: Infinity };
  const [least = '', most = least] = quantifier.slice(1, -1).split(/, ?/);
  return { min: Number(least), max: most === '' ? Infinity : Number(most) };
};

type Kind = (character: string) => boolean;

const kindOf = (token: string): Kind => {
  if (token === '^' || token === '$') throw new SyntaxError(`${token} inside of a regular expression`);
  if (token === '.') return () => true;
  if (token.startsWith('[')) return classOf(token.slice(1, -1));
  return escapeOf(token) ?? ((character) => character === literalOf(token));
};

const classOf = (content: string): Kind => {
  const negated = content.startsWith('^');
  const members = (negated ? content.slice(1) : content).match(MEMBER) ?? [];
  const kinds = members.map((member): Kind => {
    const [from = '', to] = member.length > 1 ? (member.match(RANGE_END) ?? []) : [member];
    const first = literalOf(from);
    const last = to === undefined ? first : literalOf(to.slice(1));
    return (to === undefined ? escapeOf(from) : undefined) ?? ((one) => first <= one && one <= last);
  });
  return (character) => kinds.some((kind) => kind(character)) !== negated;
};

const ONE = String.raw`(?:\\x[0-9A-Fa-f]{2}|\\[^x]|[^\\])`;
const MEMBER = new RegExp(`${ONE}-${ONE}|${ONE}`, 'gs');
const RANGE_END = new RegExp(`^${ONE}|-${ONE}$`, 'gs');

const KINDS: Readonly<Record<string, RegExp>> = {
  d: /[0-9]/,
  D: /[^0-9]/,
  s: /[\t \n]/,
  S: /[^\t \n]/,
  w: /[a-zA-Z_0-9]/,
  W: /[^a-zA-Z_0-9]/,
};

/** `\d` and its like. */
const escapeOf = (token: string): Kind | undefined => {
  const kind = token.length === 2 && token.startsWith('\\') ? KINDS[token[1] ?? ''] : undefined;
  return kind && ((character) => kind.test(character));
};

/** The character that a token stands for: `\.`, `\x3A` or itself. */
const literalOf = (token: string): string => {
  if (!token.startsWith('\\')) return token;
  return token.length === 4 ? String.fromCharCode(Number.parseInt(token.slice(2), 16)) : token.slice(1);
};
