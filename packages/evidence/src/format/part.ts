import { leafHash, rootOf } from './merkle.ts';
import { sha256 } from './sha256.ts';

/** One line of a part: an audit event, of this release or another one, as its writer stored it. */
export interface Line {
  readonly id: string;
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

/** The lines of a part: what is signed, whatever gzip makes of it. */
export interface PartContent {
  readonly bytes: Buffer;
  readonly lines: number;
  /** Of the uncompressed lines: gzip's bytes differ between builds of zlib. */
  readonly sha256: string;
  /** The Merkle root over the lines. */
  readonly root: string;
}

export const byTimeAndId = (a: Pick<Line, 'time' | 'id'>, b: Pick<Line, 'time' | 'id'>): number =>
  a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Sorts the lines into the content of a part. Equal lines make equal bytes. */
export const partContent = (lines: readonly Line[]): PartContent =>
  describeLines(
    Buffer.from(
      lines
        .toSorted(byTimeAndId)
        .map(({ text }) => `${text}\n`)
        .join(''),
    ),
  );

/** The figures of lines that lie somewhere. */
export const describeLines = (bytes: Buffer): PartContent => {
  const leaves = splitLines(bytes).map(leafHash);
  return { bytes, lines: leaves.length, sha256: sha256(bytes), root: rootOf(leaves).toString('hex') };
};

const NEWLINE = 0x0a;

/** The lines without their ends. What follows the last end is a line as well. */
export const splitLines = (bytes: Buffer): readonly Buffer[] => {
  const lines: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found === -1 ? bytes.length : found;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
};

/** A line, and what decides to which part it belongs. */
export interface StoredLine extends Line {
  readonly accountId: string | undefined;
  readonly type: string | undefined;
}

/** Parses what a line is sorted by. Events of later releases have it too, and are sealed as they are. */
export const parseSortable = (text: string): StoredLine | undefined => {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object has members, of any type.
  const { id, time, accountId, type } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || typeof time !== 'string' || !INSTANT.test(time)) return undefined;
  const at = Date.parse(time);
  if (Number.isNaN(at)) return undefined;
  return { id, time: at, text, accountId: textOrNone(accountId), type: textOrNone(type) };
};

const textOrNone = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** Without its zone, a time would be another one on each machine. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
