/** Chance that repeats itself: the same seed gives the same numbers. */
export interface SeededRandom {
  /** From 0 up to 1, as Math.random. */
  readonly next: () => number;
  /** A whole number from 0 up to `limit`, exclusive. */
  readonly below: (limit: number) => number;
  readonly chance: (probability: number) => boolean;
  /** @throws {Error} when there is nothing to pick from */
  readonly pick: <T>(from: readonly T[]) => T;
  /** Between two numbers, with each order of magnitude equally likely: minutes as often as weeks. */
  readonly scale: (low: number, high: number) => number;
}

/** Mulberry32: fast, and good enough to choose by. It keeps no secret. */
export const seededRandom = (seed: number): SeededRandom => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => {
      const index = below(from.length);
      const [picked] = from.slice(index, index + 1);
      if (picked === undefined) throw new Error('Nothing to pick from.');
      return picked;
    },
    scale: (low, high) => low * (high / low) ** next(),
  };
};
