/** How many violations there were at a time, in milliseconds since 1970. */
export interface CoursePoint {
  readonly time: number;
  readonly violations: number;
}

const SECOND_MS = 1000;
const POINTS = 240;

/**
 * Follows the number of violations over time, in whatever order the verdicts are read.
 * Memory is flat: the steps become longer, from a second on, when there are too many of them.
 */
export const createCourse = () => {
  let stepMs = SECOND_MS;
  let changes = new Map<number, number>();
  const add = (time: number, by: number) => {
    const step = Math.floor(time / stepMs);
    changes.set(step, (changes.get(step) ?? 0) + by);
  };
  return {
    /** A violation began (1) or ended (-1). */
    record: (time: number, by: 1 | -1): void => {
      add(time, by);
      while (changes.size > POINTS) {
        const former = [...changes].map(([step, sum]) => [step * stepMs, sum] as const);
        stepMs *= 2;
        changes = new Map();
        for (const [start, sum] of former) add(start, sum);
      }
    },
    /** The number at the end of each step in which it changed. */
    points: (): readonly CoursePoint[] => {
      let violations = 0;
      return [...changes]
        .toSorted(([a], [b]) => a - b)
        .map(([step, sum]) => ({ time: step * stepMs, violations: (violations += sum) }));
    },
  };
};
