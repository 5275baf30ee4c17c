import { canonical } from '@compliance/core';

import type { AccessChange } from './access-difference.ts';
import { foldedList, plain } from './markdown.ts';

/** Describes who gains permissions, then who loses them. */
export const describeAccess = (changes: readonly AccessChange[]): readonly string[] => {
  const [wider, narrower] = [true, false].map((widens) =>
    accessLines(changes.filter((change) => change.widens === widens)),
  );
  return [
    ...heading('More permissions than before:', 'Who gains permissions', wider),
    ...heading('Fewer permissions than before:', 'Who loses permissions', narrower),
  ];
};

const heading = (title: string, summary: string, lines: readonly AccessLine[] = []): readonly string[] =>
  lines.length === 0 ? [] : [title, foldedList(summary, lines.map(describeLine))];

/** An identity and its changes. */
interface AccessLine {
  readonly who: string;
  readonly what: readonly string[];
}

const describeLine = ({ who, what }: AccessLine): string => {
  const [first = '', ...more] = what;
  if (more.length === 0) return `${plain(who)} ${plain(first)}`;
  return [`${plain(who)}:`, ...what.map((each) => `  - ${plain(each)}`)].join('\n');
};

/** Joins roles of the same name that change alike in several accounts. */
const accessLines = (changes: readonly AccessChange[]): readonly AccessLine[] => {
  const lines = [...Map.groupBy(changes, ({ who }) => who)].map(([who, each]) => {
    const [, name = '', accountId = ''] = /^role (.+) in (\d{12})$/.exec(who) ?? [];
    const what = each.map((change) =>
      accountId === '' ? change.what : change.what.replaceAll(accountId, 'ACCOUNT'),
    );
    return { who, what: each.map((change) => change.what), alike: what, name, accountId };
  });
  const keyOf = ({ who, name, alike, accountId }: (typeof lines)[number]) =>
    canonical(accountId === '' ? [who] : [name, alike]);
  return [...Map.groupBy(lines, keyOf).values()].map((same) => {
    const [first] = same;
    if (same.length === 1 && first) return first;
    const accounts = same.map(({ accountId }) => accountId).join(', ');
    return { who: `role ${first?.name ?? ''} in ${accounts}`, what: first?.alike ?? [] };
  });
};
