import type { Parameters } from './parameters.ts';
import { shortcomingsOf, type Trail } from './trail.ts';

/** Describes the first trails with all that they lack. Names are shortened to make room, reasons are not. */
export const annotationOf = (trails: readonly Trail[], parameters: Parameters): string => {
  const lines = trails.map((trail) => ({
    name: trail.name,
    reasons: shortcomingsOf(trail, parameters)
      .map(({ text }) => text)
      .join(', '),
  }));
  const texts = [2, 1].map((shown) => textOf(lines.slice(0, shown), lines.length));
  return texts.find((text) => text !== undefined) ?? textOf(lines.slice(0, 1), lines.length, SHORTEST) ?? '';
};

const LONGEST = 250;
const SHORTEST = 12;

interface Line {
  readonly name: string;
  readonly reasons: string;
}

/** `undefined` if the names would become too short to tell trails apart. */
const textOf = (shown: readonly Line[], count: number, atLeast = 0): string | undefined => {
  const more = count > shown.length ? `; and ${count - shown.length} more` : '';
  const withNames = (length: number) =>
    `No trail records all management events of all Regions: ${shown
      .map(({ name, reasons }) => `${shortened(name, length)} ${reasons}`)
      .join('; ')}${more}.`;
  const room = Math.floor((LONGEST - withNames(0).length) / shown.length);
  const length = Math.max(room, atLeast);
  return length < SHORTEST ? undefined : withNames(length);
};

/** Keeps both ends of a name: names often begin alike. */
const shortened = (name: string, length: number): string => {
  if (name.length <= length) return name;
  if (length === 0) return '';
  const kept = length - 3;
  return `${name.slice(0, Math.ceil(kept / 2))}...${name.slice(name.length - Math.floor(kept / 2))}`;
};
