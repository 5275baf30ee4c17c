import { fromKeptField } from '../base/field.ts';
import type { SweepMark } from '../events/mark.ts';

/** The newest sweep of a rule in an account and Region, and where the state differs from what it counted. */
export interface PlaceRecord {
  readonly sweep?: SweepRecord;
  /** Failures up to this ordering time are made good. */
  readonly resolvedUntil?: number;
  /** When the account left: what was judged before counts no more. */
  readonly leftAt?: number;
  readonly difference?: Difference;
}

interface SweepRecord {
  readonly time: number;
  readonly orderingTime: number;
}

/** What a sweep counted, and what the state had at that time: compliant, violating, exempt, excluded, unknown. */
export interface Difference {
  readonly sweep: readonly (number | null)[];
  readonly state: readonly number[];
}

/** A rule in an account and Region with its resources, as in the snapshot. `key` is three fields: they sort. */
export interface Place {
  readonly key: string;
  readonly record: string;
  /** Its lines, joined: its own, then its rows, `#type` before the resources of a type. Most are never split. */
  readonly text: string;
}

/** The lines of a place below its own. */
export const rowLinesOf = ({ text }: Place): readonly string[] => text.split('\n').slice(1);

/** `@account, rule, Region, record` */
export const placeLine = (key: string, record: PlaceRecord): string => `@${key}\t${recordText(record)}`;

/** `lxk3a9f2,1a,1a{"difference":…}`: times are short, because there are as many places as a tenth of all resources. */
const recordText = ({ sweep, resolvedUntil, ...rest }: PlaceRecord): string => {
  const { time = 0, orderingTime = time } = sweep ?? {};
  const resolved = resolvedUntil === undefined ? '' : (time - resolvedUntil).toString(36);
  const json = JSON.stringify(rest);
  return `${time.toString(36)},${(time - orderingTime).toString(36)},${resolved}${json === '{}' ? '' : json}`;
};

export const parseRecord = (record: string): PlaceRecord => {
  if (record === '') return {};
  const start = record.indexOf('{');
  const [time = 0, lag = 0, resolved = Number.NaN] = (start < 0 ? record : record.slice(0, start))
    .split(',')
    .map((text) => Number.parseInt(text, 36));
  return {
    ...(time > 0 && { sweep: { time, orderingTime: time - lag } }),
    ...(!Number.isNaN(resolved) && { resolvedUntil: time - resolved }),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `placeLine` wrote it, and its file has the digest that was written.
    ...(start >= 0 && (JSON.parse(record.slice(start)) as PlaceRecord)),
  };
};

/** The time of the sweep in a record, without the rest of it: most places are carried as they are. */
export const sweptAtIn = (record: string): number | undefined => {
  // The number ends where the comma is.
  const time = Number.parseInt(record, 36);
  return time > 0 ? time : undefined;
};

/** The difference in a record; most have none. */
export const differenceIn = (record: string): Difference | undefined =>
  record.includes('{') ? parseRecord(record).difference : undefined;

export const placeOf = (key: string): { account: string; rule: string; region: string } => {
  const [account = '', rule = '', region = ''] = key.split('\t').map(fromKeptField);
  return { account, rule, region };
};

/** Cuts the text of a snapshot into places, each when it is asked for: what is kept longer costs V8 more to free. */
export const placesOf = async function* (texts: AsyncIterable<string>): AsyncGenerator<Iterable<Place>> {
  for await (const text of wholePlaces(texts)) yield placesIn(text);
};

/** Cuts the text where a place begins, and nowhere else. */
const wholePlaces = async function* (texts: AsyncIterable<string>): AsyncGenerator<string> {
  let open = '';
  for await (const text of texts) {
    const last = text.lastIndexOf('\n@') + 1;
    if (last === 0 && !text.startsWith('@')) {
      open += text;
      continue;
    }
    yield open + text.slice(0, last);
    open = text.slice(last);
  }
  yield open;
};

const placesIn = function* (text: string): Generator<Place> {
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('\n@', start);
    const end = next < 0 ? text.length - 1 : next;
    const header = text.indexOf('\n', start);
    const tab = text.lastIndexOf('\t', header);
    yield {
      key: text.slice(start + 1, tab),
      record: text.slice(tab + 1, header),
      text: text.slice(start, end),
    };
    start = end + 1;
  }
};

/** What a sweep counted, in the order of the states. `null`: older events do not say. */
export const countedBy = ({ compliant, nonCompliant, exempt, excluded, failed }: SweepMark) => [
  compliant,
  excluded === undefined ? null : nonCompliant - excluded,
  exempt ?? null,
  excluded ?? null,
  failed,
];
