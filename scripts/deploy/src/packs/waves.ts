/** The accounts of a rollout, and how far it is. */
export interface Rollout {
  /** The accounts of compliance.yaml, in its order. */
  readonly listed: readonly string[];
  readonly canaries: readonly string[];
  /** Accounts per wave; `undefined` for one wave of all that are not canaries. */
  readonly size: number | undefined;
  /** Accounts for which all packs were started, with any outcome. */
  readonly reached: ReadonlySet<string>;
  /** Whether all packs of the reached accounts are deployed. */
  readonly healthy: boolean;
}

/**
 * Plans the waves of new accounts: the canaries, then the others.
 * A wave without new accounts goes first while a reached account is unhealthy. It is the only wave when all accounts
 * are reached, to update them.
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
