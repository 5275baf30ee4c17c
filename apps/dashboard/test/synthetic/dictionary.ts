/** Collects texts and gives each its index. */
export const createDictionary = () => {
  const texts: string[] = [];
  const indexes = new Map<string, number>();
  return {
    texts,
    put: (text: string): number => {
      const known = indexes.get(text);
      if (known !== undefined) return known;
      indexes.set(text, texts.length);
      return texts.push(text) - 1;
    },
  };
};
export type Dictionary = ReturnType<typeof createDictionary>;
