import { canonical } from '@compliance/core';

import type { AccessChange } from './access-difference.ts';
import { foldedList, plain } from './markdown.ts';

/** Who may do more than before, then who may do less. */
export const describeAccess = (changes: readonly AccessChange[]): readonly string[] => {
  const [wider, narrower] = [true, false].map((widens) =>
    accessLines(changes.filter((change) => change.widens === widens)),
  );
  return [
    ...heading('More than before:', 'Who gains access', wider),
    ...heading('Less than before:', 'Who loses access', narrower),
  ];
};

const heading = (title: string, told: string, who: readonly Told[] = []): readonly string[] =>
  who.length === 0 ? [] : [title, foldedList(told, who.map(describeTold))];

/** Who, and what becomes of them: a line each, or one line for one thing. */
interface Told {
  readonly who: string;
  readonly what: readonly string[];
}

const describeTold = ({ who, what }: Told): string => {
  const [first = '', ...more] = what;
  if (more.length === 0) return `${plain(who)} ${plain(first)}`;
  return [`${plain(who)}:`, ...what.map((each) => `  - ${plain(each)}`)].join('\n');
};

/** What becomes of a role in every account alike is told once. */
const accessLines = (changes: readonly AccessChange[]): readonly Told[] => {
  const told = [...Map.groupBy(changes, ({ who }) => who)].map(([who, each]) => {
    const [, name = '', accountId = ''] = /^role (.+) in (\d{12})$/.exec(who) ?? [];
    const what = each.map((change) =>
      accountId === '' ? change.what : change.what.replaceAll(accountId, 'ACCOUNT'),
    );
    return { who, what: each.map((change) => change.what), alike: what, name, accountId };
  });
  const keyOf = ({ who, name, alike, accountId }: (typeof told)[number]) =>
    canonical(accountId === '' ? [who] : [name, alike]);
  return [...Map.groupBy(told, keyOf).values()].map((same) => {
    const [first] = same;
    if (same.length === 1 && first) return first;
    const accounts = same.map(({ accountId }) => accountId).join(', ');
    return { who: `role ${first?.name ?? ''} in ${accounts}`, what: first?.alike ?? [] };
  });
};
