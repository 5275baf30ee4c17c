import { shortened } from '@compliance/core/rule';

import type { Shortcoming } from './shortcomings.ts';

/** A trail and all that it lacks. */
export interface Lacking {
  readonly name: string;
  readonly shortcomings: readonly Pick<Shortcoming, 'text'>[];
}

/**
 * Describes the first trails with all that they lack, after what no trail does.
 * Names are shortened to make room; reasons are not, but the last ones are left out where they find none.
 * @param lead `No trail records all management events of all Regions`
 */
export const annotationOf = (lead: string, trails: readonly Lacking[]): string => {
  const lines = trails.map(({ name, shortcomings }) => ({
    name,
    reasons: shortcomings.map(({ text }) => text),
  }));
  const [first = { name: '', reasons: [] }] = lines;
  const fewer = first.reasons.map((_, left) => [
    { ...first, reasons: first.reasons.slice(0, -left || undefined) },
  ]);
  for (const shown of [lines.slice(0, 2), ...fewer]) {
    const text = fitted({ lead, shown, count: lines.length });
    if (text !== undefined) return text;
  }
  return shortened(`${lead}: ${shortened(first.name, SHORTEST)} ${first.reasons[0] ?? ''}`, LONGEST);
};

const LONGEST = 250;
const SHORTEST = 12;

interface Text {
  readonly lead: string;
  readonly shown: readonly { readonly name: string; readonly reasons: readonly string[] }[];
  /** Of all trails, also those that are not shown. */
  readonly count: number;
}

/** `undefined` if the names would become too short to tell trails apart. */
const fitted = ({ lead, shown, count }: Text): string | undefined => {
  const more = count > shown.length ? `; and ${count - shown.length} more` : '';
  const withNames = (length: number) =>
    `${lead}: ${shown.map(({ name, reasons }) => `${shortened(name, length)} ${reasons.join(', ')}`).join('; ')}${more}.`;
  const length = Math.floor((LONGEST - withNames(0).length) / shown.length);
  return length < SHORTEST ? undefined : withNames(length);
};
