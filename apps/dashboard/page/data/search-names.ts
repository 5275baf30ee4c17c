import type { Overview } from '@compliance/dashboard-data';

/** Where a name leads. */
interface Hit {
  readonly to: readonly string[];
  readonly name: string;
  readonly detail: string;
}

export interface HitGroup {
  readonly title: string;
  /** The first ones. */
  readonly hits: readonly Hit[];
  readonly total: number;
}

const SHOWN = 10;

/** Everything in the overview whose name, id or title holds all the words. Groups without a hit are left out. */
export const searchNames = (overview: Overview, text: string): readonly HitGroup[] => {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const { rules, frameworks, accounts, units, owners, exemptions } = overview;
  const groups: readonly (readonly [title: string, hits: Iterable<Hit>])[] = [
    ['Rules', rules.map(({ command, title }) => ({ to: ['rule', command], name: title, detail: command }))],
    [
      'Requirements',
      frameworks.flatMap((framework) =>
        framework.requirements.map(({ id, title }) => ({
          to: ['requirement', framework.id, id],
          name: `${id} ${title}`,
          detail: framework.title,
        })),
      ),
    ],
    ['Units', units.map((unit) => ({ to: ['unit', unit], name: unit, detail: '' }))],
    [
      'Accounts',
      accounts.id.map((id, row) => ({ to: ['account', id], name: accounts.name[row] ?? '', detail: id })),
    ],
    ['Owners', owners.name.map((name) => ({ to: ['owner', name], name, detail: '' }))],
    [
      'Exemptions',
      exemptions.id.map((id, row) => ({
        to: ['exemptions'],
        name: id,
        detail: exemptions.reason[row] ?? '',
      })),
    ],
  ];
  return groups.flatMap(([title, all]) => {
    const hits = [...all].filter(({ name, detail }) => holds(`${name}\n${detail}`, words));
    return hits.length === 0 ? [] : [{ title, hits: hits.slice(0, SHOWN), total: hits.length }];
  });
};

const holds = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};
