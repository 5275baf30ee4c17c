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

/** Parses what a line is sorted by. Events of later releases have it too, and are sealed as they are. */
export const parseSortable = (text: string): Line | undefined => {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('id' in value) || !('time' in value)) return undefined;
  const { id, time } = value;
  if (typeof id !== 'string' || typeof time !== 'string') return undefined;
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : { id, time: at, text };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
