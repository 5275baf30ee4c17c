/** Keeps what was read from the emulator until a call may have changed it. */
export interface Cache<T> {
  /** Concurrent reads of a key share one load; a failed load is not kept. */
  readonly read: (key: string, load: () => Promise<T>) => Promise<T>;
  /** Drops one key, or all. */
  readonly invalidate: (key?: string) => void;
}

export const createCache = <T>(): Cache<T> => {
  const known = new Map<string, Promise<T>>();
  return {
    read: async (key, load) => {
      const reading = known.get(key) ?? load();
      known.set(key, reading);
      try {
        return await reading;
      } catch (error) {
        if (known.get(key) === reading) known.delete(key);
        throw error;
      }
    },
    invalidate: (key) => {
      if (key === undefined) known.clear();
      else known.delete(key);
    },
  };
};
