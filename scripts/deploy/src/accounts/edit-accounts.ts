import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap } from 'yaml';

/** An account as compliance.yaml lists it. */
export interface ListedAccount {
  readonly id: string;
  readonly name: string;
  readonly groups?: readonly string[];
  readonly ou?: string | undefined;
}

export interface AccountEdit {
  readonly added: readonly ListedAccount[];
  /** The ids. */
  readonly removed: readonly string[];
}

/**
 * Adds accounts at the end of the list in compliance.yaml, and removes others.
 * All other text stays the same, including comments.
 * @throws {Error} when the accounts are not in a block list
 */
export const editAccounts = (text: string, { added, removed }: AccountEdit): string => {
  const items = parseItems(text);
  const indent = ' '.repeat(items[0]?.column ?? 2);
  const kept = items.filter(({ id }) => !removed.includes(id));
  const start = items[0]?.start ?? text.length;
  const end = items.at(-1)?.end ?? text.length;
  const list = [
    ...kept.map((item) => text.slice(item.start, item.end)),
    ...added.map((account) => entry(account, indent)),
  ];
  return text.slice(0, start) + list.map(endingLine).join('') + text.slice(end);
};

interface Item {
  readonly id: string;
  /** The column of the dash. */
  readonly column: number;
  /** The lines of the item, with the comments right above it. */
  readonly start: number;
  readonly end: number;
}

const parseItems = (text: string): readonly Item[] => {
  const accounts = parseDocument(text).get('accounts');
  if (!isSeq(accounts) || accounts.flow === true || !accounts.items.every(isMap))
    throw new Error(
      'Cannot edit the accounts of compliance.yaml: list them one below the other, each with a dash.',
    );
  const starts = accounts.items.map((item) => lineStart(text, item.range?.[0] ?? 0));
  return accounts.items.map((item, index) => {
    const start = starts[index] ?? 0;
    const last = starts[index + 1] ?? lineEnd(text, item.range?.[1] ?? start);
    return {
      id: idOf(item),
      column: text.indexOf('-', start) - start,
      start: index === 0 ? start : withComments(text, start),
      end: index === starts.length - 1 ? last : withComments(text, last),
    };
  });
};

const idOf = (item: YAMLMap): string => {
  const id = item.get('id', true);
  return isScalar(id) ? String(id.value) : '';
};

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** The end of the line in which a node ends; the node's range may include later line breaks. */
const lineEnd = (text: string, at: number): number => {
  const filled = text.slice(0, at).trimEnd().length;
  const end = text.indexOf('\n', filled);
  return end < 0 ? text.length : end + 1;
};

/** Moves a start up to include the comments directly above. */
const withComments = (text: string, start: number): number => {
  const above = lineStart(text, start - 1);
  return start > 0 && /^\s*#/.test(text.slice(above, start)) ? withComments(text, above) : start;
};

const entry = ({ id, name, groups = [], ou }: ListedAccount, indent: string): string => {
  const lines = [
    `id: '${id}'`,
    stringify({ name }).trim(),
    ...(groups.length > 0 ? [`groups: [${groups.map((group) => stringify(group).trim()).join(', ')}]`] : []),
    ...(ou === undefined ? [] : [stringify({ ou }).trim()]),
  ];
  return lines.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}\n`).join('');
};

const endingLine = (lines: string): string => (lines.endsWith('\n') ? lines : `${lines}\n`);
