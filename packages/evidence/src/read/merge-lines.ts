import { byTimeAndId, type Line } from '../format/part.ts';

interface Source {
  lines: readonly Line[];
  at: number;
  readonly rest: AsyncIterator<readonly Line[]>;
}

/** Merges sorted streams of lines into one. Memory holds a batch of each. */
export const mergeLines = async function* (
  streams: readonly AsyncIterable<readonly Line[]>[],
): AsyncGenerator<Line> {
  const opened = await Promise.all(
    streams.map(async (stream) => refill({ lines: [], at: 0, rest: stream[Symbol.asyncIterator]() })),
  );
  const heap: Source[] = [];
  for (const source of opened) if (source) push(heap, source);
  for (;;) {
    const [first] = heap;
    const line = first && lineOf(first);
    if (!first || !line) return;
    yield line;
    first.at += 1;
    if (first.at >= first.lines.length && !(await refill(first))) {
      const last = heap.pop();
      if (!last || last === first) {
        if (heap.length === 0) return;
        continue;
      }
      heap[0] = last;
    }
    sink(heap);
  }
};

const refill = async (source: Source): Promise<Source | undefined> => {
  for (;;) {
    const next = await source.rest.next();
    if (next.done === true) return undefined;
    if (next.value.length === 0) continue;
    source.lines = next.value;
    source.at = 0;
    return source;
  }
};

const lineOf = ({ lines, at }: Source): Line | undefined => lines[at];

const isBefore = (a: Source | undefined, b: Source | undefined): boolean => {
  const [left, right] = [a && lineOf(a), b && lineOf(b)];
  return left !== undefined && right !== undefined && byTimeAndId(left, right) < 0;
};

const push = (heap: Source[], source: Source): void => {
  heap.push(source);
  let at = heap.length - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!isBefore(heap[at], heap[above])) return;
    swap(heap, at, above);
    at = above;
  }
};

/** Moves the first one down to where it belongs. */
const sink = (heap: Source[]): void => {
  let at = 0;
  for (;;) {
    const [left, right] = [at * 2 + 1, at * 2 + 2];
    let least = isBefore(heap[left], heap[at]) ? left : at;
    if (isBefore(heap[right], heap[least])) least = right;
    if (least === at) return;
    swap(heap, at, least);
    at = least;
  }
};

const swap = (heap: Source[], a: number, b: number): void => {
  const [first, second] = [heap[a], heap[b]];
  if (!first || !second) return;
  heap[a] = second;
  heap[b] = first;
};
