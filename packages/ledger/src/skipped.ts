/** What a reader left out: a line, or a whole object. It stays in the ledger. */
export interface Skipped {
  /** The object's path or URL, and the line. */
  readonly place: string;
  /** The object's path or URL. */
  readonly object: string;
  readonly problem: string;
  /** Whether a later release wrote it, so that nothing is wrong with it. */
  readonly isLater: boolean;
}

/** Thousands of lines may be left out: a person needs the first few, of as many objects as possible. */
const SHOWN = 20;
const SHOWN_OF_ONE_OBJECT = 2;

/** Counts what a reader leaves out, and keeps the first of it. */
export const createSkipCounter = () => {
  const counts = { malformed: 0, later: 0 };
  const first: Skipped[] = [];
  const shownOf = new Map<string, number>();
  return {
    counts,
    /** The first that are malformed or foreign. */
    first: first as readonly Skipped[],
    onSkipped: (skipped: Skipped): void => {
      counts[skipped.isLater ? 'later' : 'malformed'] += 1;
      if (skipped.isLater || first.length >= SHOWN) return;
      const shown = shownOf.get(skipped.object) ?? 0;
      if (shown >= SHOWN_OF_ONE_OBJECT) return;
      shownOf.set(skipped.object, shown + 1);
      first.push(skipped);
    },
  };
};
export type SkipCounter = ReturnType<typeof createSkipCounter>;
