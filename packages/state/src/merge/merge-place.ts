import { DAY_MS } from '../base/times.ts';
import { parseMarkLine, type LeftMark, type Mark, type MarkLine, type SweepMark } from '../events/mark.ts';
import { parseRow, rowId, rowLine, stateLetter, type Row } from '../snapshot/row.ts';
import { mergeRow, type Change } from './merge-row.ts';
import {
  countedBy,
  parseRecord,
  rowLinesOf,
  type Difference,
  type Place,
  type PlaceRecord,
} from './place.ts';

/** A verdict that comes later than this after a newer one brings a resource back that is gone. */
const TOMBSTONE_DAYS = 7;
/** A place without resources is forgotten after this time without a sweep. */
const EMPTY_DAYS = 90;

export interface MergeContext {
  /** The time of the new snapshot. */
  readonly until: number;
  /** When the account left, by the snapshot before: events from before that come late. */
  readonly leftAt: number;
  /** When it left since. */
  readonly lefts: readonly LeftMark[];
  readonly onChange: (change: Change) => void;
}

export interface MergedPlace {
  readonly record: PlaceRecord;
  readonly lines: readonly string[];
}

/** Merges a place with the marks about it. `undefined`: nothing of it is left. */
export const mergePlace = (
  place: Place | undefined,
  markLines: readonly string[],
  context: MergeContext,
): MergedPlace | undefined => {
  const marks = markLines.map(parseMarkLine).filter(({ mark }) => mark.time > context.leftAt);
  const leftAt = Math.max(context.leftAt, ...context.lefts.map(({ time }) => time));
  const sweeps = marks
    .map(({ mark }) => mark)
    .filter((mark) => mark.kind === 'sweep')
    .filter(({ time }) => time > leftAt);
  const record = recordSince(leftAt, parseRecord(place?.record ?? ''));
  const newest = newestSweep(sweeps, record);
  const tally = newest && createTally(newest, { sweeps, lefts: context.lefts });
  const resources = marks.filter(({ mark }) => mark.kind !== 'sweep');
  const lines: string[] = [];
  let type = '';

  for (const { resource, line, marks: own } of joinRows(place ? rowLinesOf(place) : [], resources)) {
    const merged = mergeLine(line, own, { ...context, sweeps, resolvedUntil: record.resolvedUntil ?? 0 });
    tally?.add(line, own, merged);
    if (merged === undefined) continue;
    const ownType = resource.slice(0, resource.indexOf('\t'));
    if (ownType !== type) lines.push(`#${ownType}`);
    type = ownType;
    lines.push(typeof merged === 'string' ? merged : rowLine(resource.slice(ownType.length + 1), merged));
  }
  const next = nextRecord(record, sweeps, tally?.difference());
  return lines.length === 0 && isForgotten(next, context) ? undefined : { record: next, lines };
};

interface JoinedRow {
  /** Type and id. */
  readonly resource: string;
  readonly line: string | undefined;
  readonly marks: readonly Mark[];
}

/** Joins the rows of a place and the marks about its resources, both sorted. */
const joinRows = function* (lines: readonly string[], marks: readonly MarkLine[]): Generator<JoinedRow> {
  const waiting = groupByResource(marks);
  let next = 0;
  let type = '';
  for (const line of lines) {
    if (line.startsWith('#')) {
      type = line.slice(1);
      continue;
    }
    const resource = `${type}\t${rowId(line)}`;
    for (; ; next += 1) {
      const group = waiting[next];
      if (!group || group.resource >= resource) break;
      yield { ...group, line: undefined };
    }
    const group = waiting[next];
    const isOwn = group?.resource === resource;
    if (isOwn) next += 1;
    yield { resource, line, marks: isOwn ? group.marks : [] };
  }
  for (const group of waiting.slice(next)) yield { ...group, line: undefined };
};

const groupByResource = (marks: readonly MarkLine[]) => {
  const groups: { resource: string; marks: Mark[] }[] = [];
  for (const { resource, mark } of marks) {
    const last = groups.at(-1);
    if (last?.resource !== resource) groups.push({ resource, marks: [mark] });
    // The same event, delivered twice.
    else if (last.marks.at(-1)?.id !== mark.id) last.marks.push(mark);
  }
  return groups;
};

interface LineContext extends MergeContext {
  readonly sweeps: readonly SweepMark[];
  readonly resolvedUntil: number;
}

/** The row after the marks: its line where nothing changed. */
const mergeLine = (
  line: string | undefined,
  own: readonly Mark[],
  { sweeps, lefts, until, resolvedUntil, onChange }: LineContext,
): string | Row | undefined => {
  const letter = line?.charAt(0);
  const isUntouched = own.length === 0 && lefts.length === 0 && letter !== 'g';
  if (line !== undefined && isUntouched && (letter !== 'u' || sweeps.length === 0)) return line;
  const valid = own.filter((mark) => mark.kind !== 'failure' || mark.time >= resolvedUntil);
  const row = mergeRow(
    line === undefined ? undefined : parseRow(line),
    inOrder(valid, sweeps, lefts),
    onChange,
  );
  const isKept = row && !(stateLetter(row) === 'g' && row.judgedAt < until - TOMBSTONE_DAYS * DAY_MS);
  return isKept ? row : undefined;
};

const inOrder = (...lists: readonly (readonly Mark[])[]): readonly Mark[] =>
  lists.flat().toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/** The newest sweep since the one that the record has. */
const newestSweep = (sweeps: readonly SweepMark[], { sweep }: PlaceRecord): SweepMark | undefined => {
  const newest = sweeps.at(-1);
  return newest && newest.time > (sweep?.time ?? 0) ? newest : undefined;
};

/** Counts the states as they were for a sweep, to compare with what it counted. */
const createTally = (
  sweep: SweepMark,
  wide: { readonly sweeps: readonly SweepMark[]; readonly lefts: readonly LeftMark[] },
) => {
  const counts = { c: 0, v: 0, x: 0, e: 0, u: 0 };
  const isBefore = ({ time }: Mark) => time <= sweep.time;
  return {
    add: (line: string | undefined, own: readonly Mark[], merged: string | Row | undefined): void => {
      const seen =
        typeof merged === 'string'
          ? merged.charAt(0)
          : letterOf(
              mergeRow(
                line === undefined ? undefined : parseRow(line),
                inOrder(own, wide.sweeps, wide.lefts).filter(isBefore),
              ),
            );
      if (isCounted(seen)) counts[seen] += 1;
    },
    difference: (): Difference | undefined => {
      const counted = countedBy(sweep);
      const state = Object.values(counts);
      const isSame = counted.every((count, index) => count === null || count === state[index]);
      return isSame ? undefined : { sweep: counted, state };
    },
  };
};

const letterOf = (row: Row | undefined): string => (row ? stateLetter(row) : '');
const isCounted = (letter: string): letter is 'c' | 'v' | 'x' | 'e' | 'u' =>
  'cvxeu'.includes(letter) && letter !== '';

const nextRecord = (
  record: PlaceRecord,
  sweeps: readonly SweepMark[],
  difference: Difference | undefined,
): PlaceRecord => {
  const newest = newestSweep(sweeps, record);
  const resolved = sweeps.filter(({ resolves }) => resolves).map(({ orderingTime }) => orderingTime);
  const resolvedUntil = Math.max(record.resolvedUntil ?? 0, ...resolved);
  const sweep = newest ? { time: newest.time, orderingTime: newest.orderingTime } : record.sweep;
  const present = newest ? difference : record.difference;
  return {
    ...(sweep && { sweep }),
    ...(resolvedUntil > 0 && { resolvedUntil }),
    ...(present && { difference: present }),
  };
};

/** The place of an account that left is none until it is swept again. */
const recordSince = (leftAt: number, record: PlaceRecord): PlaceRecord =>
  (record.sweep?.time ?? Infinity) > leftAt ? record : {};

const isForgotten = ({ sweep }: PlaceRecord, { until }: MergeContext): boolean =>
  !sweep || sweep.time < until - EMPTY_DAYS * DAY_MS;
