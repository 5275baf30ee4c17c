import {
  brokenFile,
  DashboardDataError,
  STATES,
  VERDICT_COLUMNS,
  VERDICTS_KEY,
  type State,
} from '@compliance/dashboard-data';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';

/** A verdict of the large file. */
export interface FoundVerdict {
  readonly resource: string;
  readonly name: string;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  /** A command. */
  readonly rule: string;
  readonly state: State;
  readonly since: number;
  readonly annotation: string;
  readonly owner: string;
  readonly exemption: string;
}

export interface FoundVerdicts {
  readonly rows: readonly FoundVerdict[];
  /** There are more than were read. */
  readonly isShortened: boolean;
}

/** Row groups that one search reads. */
const MAX_GROUPS = 3;

/**
 * Finds verdicts by a prefix of the resource's id. The file is sorted by it, and its statistics say which parts can have
 * it, so that a search reads a few hundred kilobytes of gigabytes.
 */
export const findVerdicts = async (prefix: string): Promise<FoundVerdicts> => {
  try {
    return await readVerdicts(prefix);
  } catch (error) {
    if (error instanceof DashboardDataError) throw error;
    throw brokenFile(VERDICTS_KEY, error instanceof Error ? error.message : String(error), error);
  }
};

const readVerdicts = async (prefix: string): Promise<FoundVerdicts> => {
  const { parquetReadObjects } = await hyparquet();
  const file = await openVerdicts();
  const groups = groupsWith(file.metadata, prefix);
  const rows: FoundVerdict[] = [];
  for (const { start, end } of groups.slice(0, MAX_GROUPS)) {
    const read = await parquetReadObjects({
      file: file.buffer,
      metadata: file.metadata,
      rowStart: start,
      rowEnd: end,
      columns: VERDICT_COLUMNS.map(({ name }) => name),
    });
    rows.push(...read.filter(({ resource }) => String(resource).startsWith(prefix)).map(verdictOf));
  }
  return { rows, isShortened: groups.length > MAX_GROUPS };
};

/** Loaded by the first search: no other view needs it. */
const hyparquet = () => import('hyparquet');

interface Opened {
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
}

let opened: Promise<Opened> | undefined;

const openVerdicts = (): Promise<Opened> => {
  opened ??= open();
  opened.catch(() => (opened = undefined));
  return opened;
};

/** The footer with a good part of what stands before it. */
const TAIL_BYTES = 512 * 1024;

const open = async (): Promise<Opened> => {
  const tail = await fetchRange(`bytes=-${TAIL_BYTES}`);
  const buffer: AsyncBuffer = {
    byteLength: tail.size,
    slice: async (start, end = tail.size) => {
      if (start >= tail.start) return tail.bytes.slice(start - tail.start, end - tail.start);
      const part = await fetchRange(`bytes=${start}-${end - 1}`);
      return part.bytes;
    },
  };
  return { buffer, metadata: await (await hyparquet()).parquetMetadataAsync(buffer) };
};

const fetchRange = async (range: string) => {
  const response = await fetch(`./${VERDICTS_KEY}`, { headers: { range }, credentials: 'same-origin' });
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  if (response.status === 404)
    throw new DashboardDataError(`${VERDICTS_KEY} is missing. Copy the whole folder.`);
  if (response.status !== 206 || start === undefined || size === undefined)
    throw new DashboardDataError(
      `${VERDICTS_KEY} could not be searched: the server does not answer requests for a part of a file (status ${response.status}). Open it with compliance dashboard, or from S3.`,
    );
  return { start: Number(start), size: Number(size), bytes: await response.arrayBuffer() };
};

const groupsWith = (
  { row_groups: groups }: FileMetaData,
  prefix: string,
): readonly { readonly start: number; readonly end: number }[] => {
  let start = 0;
  return groups.flatMap(({ columns, num_rows }) => {
    const range = { start, end: (start += Number(num_rows)) };
    const { min_value: min, max_value: max } =
      columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === 'resource')?.meta_data?.statistics ??
      {};
    return mayHold(prefix, textOf(min), textOf(max)) ? [range] : [];
  });
};

/** Without statistics, every part may. */
const mayHold = (prefix: string, min: string | undefined, max: string | undefined): boolean =>
  (min === undefined || min.slice(0, prefix.length) <= prefix) && (max === undefined || max >= prefix);

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
};

const verdictOf = (row: Readonly<Record<string, unknown>>): FoundVerdict => {
  const text = (column: string) => (typeof row[column] === 'string' ? row[column] : '');
  return {
    resource: text('resource'),
    name: text('name'),
    type: text('type'),
    account: text('account'),
    region: text('region'),
    rule: text('rule'),
    state: STATES.find((state) => state === row['state']) ?? 'unknown',
    since: Number(row['since'] ?? 0),
    annotation: text('annotation'),
    owner: text('owner'),
    exemption: text('exemption'),
  };
};
