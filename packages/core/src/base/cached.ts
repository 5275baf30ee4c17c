/** Loads a value at most once in `seconds`. Callers share a load under way; a failed load is not cached. */
export const cached = <T>(load: () => Promise<T>, seconds: number, now: () => Date): (() => Promise<T>) => {
  let entry: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    if (entry && now().getTime() < entry.until) return entry.value;
    const value = load();
    entry = { value, until: now().getTime() + seconds * 1000 };
    value.catch(() => (entry = undefined));
    return value;
  };
};
