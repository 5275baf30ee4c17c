/**
 * A run of characters of one kind. Filter patterns have no groups, so that a sequence of runs is a whole expression.
 */
export interface Run {
  readonly accepts: (character: string) => boolean;
  readonly min: number;
  readonly max: number;
}

/** One alternative of a regular expression. */
export interface Branch {
  readonly runs: readonly Run[];
  /** Only from the beginning of a text. */
  readonly fromStart: boolean;
  /** Only up to the end of a text. */
  readonly toEnd: boolean;
}

/**
 * Creates the matcher of an expression.
 * The accounts that we judge write the patterns: JavaScript's own expressions can take years on a hostile one, this
 * takes a time that grows with the length of pattern and text.
 */
export const textMatcher =
  (branches: readonly Branch[]) =>
  (text: string): boolean =>
    branches.some((branch) => matchesBranch(branch, text));

const matchesBranch = ({ runs, fromStart, toEnd }: Branch, text: string): boolean => {
  const starts = fromStart ? [0] : Array.from({ length: text.length + 1 }, (_, index) => index);
  const ends = runs.reduce((positions, run) => endsOf(run, positions, text), new Set(starts));
  return toEnd ? ends.has(text.length) : ends.size > 0;
};

/** Where a run can end that begins at one of these positions. */
const endsOf = ({ accepts, min, max }: Run, starts: ReadonlySet<number>, text: string): Set<number> => {
  const ends = new Set<number>();
  for (const start of starts)
    for (let length = 0; length <= max; length += 1) {
      if (length >= min) ends.add(start + length);
      const next = text[start + length];
      if (next === undefined || !accepts(next)) break;
    }
  return ends;
};
