/** How many items a list may be ahead of the slowest: enough that none waits for a batch of another. */
const LEAD = 48;

export interface Walker {
  /** The items of a list, no faster than the other lists allow. */
  readonly walk: <T>(items: AsyncIterable<T>) => AsyncGenerator<T>;
  /** Lets the others go on alone. A list leaves at its end; this is for one that is not walked to its end. */
  readonly leave: () => void;
}

/**
 * Lets lists be walked in step, so that what is read of a resource for one is still known for the others.
 * All join before one walks, and all walk at once: each waits for the slowest that has not left.
 */
export const inStep = (signal?: AbortSignal, lead = LEAD): (() => Walker) => {
  const walking = new Set<Position>();
  const farthest = () => Math.min(...[...walking].map(({ at }) => at)) + lead;
  const letGo = () => {
    const limit = farthest();
    for (const { at, go } of walking) if (at <= limit) go();
  };
  return () => {
    const position: Position = { at: 0, go: () => {} };
    walking.add(position);
    const leave = () => {
      walking.delete(position);
      letGo();
    };
    return {
      walk: async function* (items) {
        for await (const item of items) {
          if (signal?.aborted === true) break;
          position.at += 1;
          letGo();
          while (position.at > farthest()) await new Promise<void>((resolve) => (position.go = resolve));
          yield item;
        }
        leave();
      },
      leave,
    };
  };
};

interface Position {
  at: number;
  /** Ends the wait for the others. */
  go: () => void;
}
