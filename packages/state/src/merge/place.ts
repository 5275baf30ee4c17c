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
  /** `#type` before the resources of a type. */
  readonly lines: readonly string[];
}

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

export const placeOf = (key: string): { account: string; rule: string; region: string } => {
  const [account = '', rule = '', region = ''] = key.split('\t').map(fromKeptField);
  return { account, rule, region };
};

/** Groups the lines of a snapshot by place. */
export const placesOf = async function* (
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly Place[]> {
  let open: { key: string; record: string; lines: readonly string[] } | undefined;
  for await (const batch of batches) {
    const places: Place[] = [];
    let start = 0;
    // Slices, because to copy millions of lines one by one takes seconds.
    for (let index = 0; index <= batch.length; index += 1) {
      const line = batch[index];
      if (line !== undefined && line.charCodeAt(0) !== AT) continue;
      if (open) open.lines = joined(open.lines, batch.slice(start, index));
      if (line === undefined) break;
      if (open) places.push(open);
      const end = line.lastIndexOf('\t');
      open = { key: line.slice(1, end), record: line.slice(end + 1), lines: [] };
      start = index + 1;
    }
    yield places;
  }
  if (open) yield [open];
};

const joined = (lines: readonly string[], more: readonly string[]): readonly string[] =>
  lines.length === 0 ? more : [...lines, ...more];

const AT = '@'.charCodeAt(0);

/** What a sweep counted, in the order of the states. `null`: older events do not say. */
export const countedBy = ({ compliant, nonCompliant, exempt, excluded, failed }: SweepMark) => [
  compliant,
  excluded === undefined ? null : nonCompliant - excluded,
  exempt ?? null,
  excluded ?? null,
  failed,
];
