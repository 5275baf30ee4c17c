/** A load that is made at most once in `seconds`, and shared while it is under way. A failed one is not remembered. */
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
