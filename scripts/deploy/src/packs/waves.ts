/** What a rollout has before it. */
export interface Rollout {
  /** The accounts of compliance.yaml, in its order. */
  readonly listed: readonly string[];
  readonly canaries: readonly string[];
  /** Accounts a wave; without it, all that are not canaries in one. */
  readonly size: number | undefined;
  /** Those that have all packs, whatever became of them. */
  readonly reached: ReadonlySet<string>;
  /** Whether they all have them as they should be. */
  readonly healthy: boolean;
}

/**
 * The accounts whose turn comes, wave after wave: the canaries, then the others. A wave without a new account goes
 * before while somebody who was reached is not well; and it is the only one where all were reached, to bring them up to
 * date.
 */
export const planWaves = (rollout: Rollout): readonly (readonly string[])[] => {
  const { listed, canaries, size, reached, healthy: settled } = rollout;
  const waiting = listed.filter((id) => !reached.has(id));
  const first = waiting.filter((id) => canaries.includes(id));
  const others = waiting.filter((id) => !canaries.includes(id));
  const waves = [first, ...chunks(others, size ?? others.length)].filter((wave) => wave.length > 0);
  return settled && waves.length > 0 ? waves : [[], ...waves];
};

const chunks = (ids: readonly string[], size: number): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / Math.max(size, 1)) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  );
