/** What was read of the emulator, until a call that may have changed it passes the gateway. */
export interface Cache<T> {
  /** Loads once for all who ask; a fault is not remembered. */
  readonly read: (key: string, load: () => Promise<T>) => Promise<T>;
  /** Of one key, or of all. */
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
