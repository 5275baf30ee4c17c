/** A load that is repeated at most once in `seconds`. A failed load is not remembered. */
export const cached = <T>(load: () => Promise<T>, seconds: number): (() => Promise<T>) => {
  let known: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    if (known && performance.now() < known.until) return known.value;
    const value = load();
    known = { value, until: performance.now() + seconds * 1000 };
    value.catch(() => (known = undefined));
    return value;
  };
};
