import { DAY_MS } from '../base/times.ts';
import { parseMarkLine, type LeftMark } from '../events/mark.ts';
import { LETTERS, type StateLetter } from '../snapshot/row.ts';
import { createCursor, loadAll } from './cursor.ts';
import { markGroupsOf } from './mark-groups.ts';
import { mergePlace, type MergeContext } from './merge-place.ts';
import type { Change } from './merge-row.ts';
import {
  differenceIn,
  parseRecord,
  placeLine,
  placesOf,
  rowLinesOf,
  sweptAtIn,
  type Difference,
  type Place,
} from './place.ts';

export interface MergeOptions {
  /** The text of the snapshot before, in parts. */
  readonly previous: AsyncIterable<string>;
  /** The text of what was out of scope in it, in parts. */
  readonly previousAside?: AsyncIterable<string>;
  /** Sorted lines of marks since then. What they repeat changes nothing. */
  readonly marks: AsyncIterable<readonly string[]>;
  /** The time of the new snapshot. */
  readonly until: number;
  /** Whether a rule still judges an account: not when the settings list the account no more, or the rule is off. */
  readonly isInScope?: (accountId: string, rule: string) => boolean;
  /** Receives the new snapshot: a line, or several that are joined. */
  readonly write: (text: string, lines: number) => void;
  /**
   * Receives what is out of scope: it is counted nowhere, and is back with the scope. Its verdicts are not published again
   * while they stay the same.
   */
  readonly writeAside?: (text: string, lines: number) => void;
  /** Is awaited after every place. */
  readonly afterPlace?: () => Promise<void> | undefined;
  readonly onPlace?: (key: string, counts: PlaceCounts) => void;
  readonly onChange?: (change: Change, key: string) => void;
  readonly onDifference?: (key: string, difference: Difference) => void;
}

/** How many resources of a place are in each state, by its letter, and when it was swept last. */
export interface PlaceCounts {
  readonly c: number;
  readonly v: number;
  readonly x: number;
  readonly e: number;
  readonly u: number;
  readonly sweptAt?: number | undefined;
}

/** An account that left is forgotten after this time: no event from before comes so late. */
const LEFT_DAYS = 35;

/** Merges a snapshot, what was out of its scope, and what happened since, as sorted streams. Memory holds a place of each. */
export const mergeState = async (options: MergeOptions): Promise<void> => {
  const places = createCursor(placesOf(options.previous));
  const asides = createCursor(placesOf(options.previousAside ?? nothing()));
  const groups = createCursor(markGroupsOf(options.marks));
  const account = createAccount(options);
  for (;;) {
    const loading = loadAll(places, asides, groups);
    if (loading) await loading;
    const [place, aside, group] = [places.head(), asides.head(), groups.head()];
    const key = least(least(place?.key, aside?.key), group?.key);
    if (key === undefined) return;
    const own = place?.key === key ? place : undefined;
    const ownAside = aside?.key === key ? aside : undefined;
    const marks = group?.key === key ? group.lines : [];
    if (own) places.advance();
    if (ownAside) asides.advance();
    if (marks.length > 0) groups.advance();
    account.merge(key, { place: own, aside: ownAside }, marks);
    const writing = options.afterPlace?.();
    if (writing) await writing;
  }
};

const nothing = async function* (): AsyncGenerator<string> {};

const least = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** Merges the places of one account after another; what is about a whole account comes before its places. */
const createAccount = (options: MergeOptions) => {
  const { until, write, writeAside, isInScope = () => true } = options;
  let name = '';
  let left: Pick<MergeContext, 'leftAt' | 'lefts'> = { leftAt: 0, lefts: [] };

  const mergeAccount = (key: string, place: Place | undefined, marks: readonly string[]): void => {
    const known = parseRecord(place?.record ?? '').leftAt ?? 0;
    const lefts = marks.map((line) => parseMarkLine(line).mark).filter((mark) => mark.kind === 'left');
    left = { leftAt: known, lefts };
    const leftAt = Math.max(known, ...lefts.map(({ time }) => time));
    if (leftAt > until - LEFT_DAYS * DAY_MS) write(placeLine(key, { leftAt }), 1);
  };

  return {
    merge: (key: string, { place, aside }: Known, marks: readonly string[]): void => {
      const end = key.indexOf('\t');
      const account = key.slice(0, end);
      if (account !== name) [name, left] = [account, { leftAt: 0, lefts: [] as LeftMark[] }];
      const rule = key.slice(end + 1, key.indexOf('\t', end + 1));
      if (rule === '') return mergeAccount(key, place, marks);
      const isUntouched = marks.length === 0 && left.lefts.length === 0;
      const isOwn = isInScope(account, rule);
      if (isOwn && place && isUntouched && carry(place, options)) return;
      const onChange = (change: Change) => options.onChange?.(change, key);
      // What comes or goes with the scope does so at the time of the snapshot: what changed meanwhile was not counted.
      const isCounted = isOwn && !aside;
      if (!isOwn && place) for (const from of statesOf(rowLinesOf(place))) onChange({ time: until, from });
      const merged = mergePlace(place ?? aside, marks, {
        until,
        ...left,
        onChange: isCounted ? onChange : () => {},
      });
      if (!merged) return;
      const text = [placeLine(key, merged.record), ...merged.lines].join('\n');
      const counts = countRows(text);
      if (!isOwn) return writeAside?.(text, counts.lines);
      if (aside) for (const to of statesOf(merged.lines)) onChange({ time: until, to });
      write(text, counts.lines);
      if (merged.record.difference) options.onDifference?.(key, merged.record.difference);
      options.onPlace?.(key, { ...counts, sweptAt: merged.record.sweep?.time });
    },
  };
};

/** A place is in one of both, or in none. */
interface Known {
  readonly place: Place | undefined;
  readonly aside: Place | undefined;
}

/** The states of rows that have one. */
const statesOf = (lines: readonly string[]): readonly StateLetter[] =>
  lines.flatMap((line) => Object.values(LETTERS).filter((letter) => line.startsWith(letter)));

/** Writes a place as it is, and counts it. Whether it could: a place with resources that are gone may lose them now. */
const carry = ({ key, record, text }: Place, { write, onPlace, onDifference }: MergeOptions): boolean => {
  const counts = countRows(text);
  if (counts.gone > 0 || counts.lines === 1) return false;
  write(text, counts.lines);
  const difference = differenceIn(record);
  if (difference) onDifference?.(key, difference);
  onPlace?.(key, { ...counts, sweptAt: sweptAtIn(record) });
  return true;
};

/** Counts the rows of a place by their first letter, without a string for each, and all its lines. */
const countRows = (text: string) => {
  const counts = { c: 0, v: 0, x: 0, e: 0, u: 0, gone: 0, lines: 0 };
  for (let at = 0; at < text.length; at = text.indexOf('\n', at) + 1 || text.length) {
    counts.lines += 1;
    switch (text.charAt(at)) {
      case 'c':
        counts.c += 1;
        break;
      case 'v':
        counts.v += 1;
        break;
      case 'x':
        counts.x += 1;
        break;
      case 'e':
        counts.e += 1;
        break;
      case 'u':
        counts.u += 1;
        break;
      case 'g':
        counts.gone += 1;
        break;
      default:
    }
  }
  return counts;
};
