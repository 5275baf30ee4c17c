import type { Shortcoming } from './shortcomings.ts';

/** A trail and all that it lacks. */
export interface Lacking {
  readonly name: string;
  readonly shortcomings: readonly Pick<Shortcoming, 'text'>[];
}

/**
 * Describes the first trails with all that they lack, after what no trail does.
 * Names are shortened to make room, reasons are not.
 * @param lead `No trail records all management events of all Regions`
 */
export const annotationOf = (lead: string, trails: readonly Lacking[]): string => {
  const lines = trails.map(({ name, shortcomings }) => ({
    name,
    reasons: shortcomings.map(({ text }) => text).join(', '),
  }));
  const textOf = (shown: number, atLeast?: number) =>
    fitted({ lead, shown: lines.slice(0, shown), count: lines.length }, atLeast);
  return textOf(2) ?? textOf(1) ?? textOf(1, SHORTEST) ?? '';
};

const LONGEST = 250;
const SHORTEST = 12;

interface Text {
  readonly lead: string;
  readonly shown: readonly { readonly name: string; readonly reasons: string }[];
  /** Of all trails, also those that are not shown. */
  readonly count: number;
}

/** `undefined` if the names would become too short to tell trails apart. */
const fitted = ({ lead, shown, count }: Text, atLeast = 0): string | undefined => {
  const more = count > shown.length ? `; and ${count - shown.length} more` : '';
  const withNames = (length: number) =>
    `${lead}: ${shown.map(({ name, reasons }) => `${shortened(name, length)} ${reasons}`).join('; ')}${more}.`;
  const room = Math.floor((LONGEST - withNames(0).length) / shown.length);
  const length = Math.max(room, atLeast);
  return length < SHORTEST ? undefined : withNames(length);
};

/** Keeps both ends of a name: names often begin alike. */
export const shortened = (name: string, length: number): string => {
  if (name.length <= length) return name;
  if (length === 0) return '';
  const kept = length - 3;
  return `${name.slice(0, Math.ceil(kept / 2))}...${name.slice(name.length - Math.floor(kept / 2))}`;
};
