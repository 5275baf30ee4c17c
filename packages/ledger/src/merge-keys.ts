/** Merges sorted listings into one that is sorted by a part of their keys. */
export const mergeKeys = async function* (
  listings: readonly AsyncIterable<string>[],
  partOf: (key: string) => string,
): AsyncGenerator<string> {
  const open = await Promise.all(
    listings.map(async (listing) => {
      const keys = listing[Symbol.asyncIterator]();
      return { keys, head: await keys.next() };
    }),
  );
  for (;;) {
    const [first] = open
      .filter(({ head }) => head.done !== true)
      .toSorted((a, b) => (partOf(String(a.head.value)) < partOf(String(b.head.value)) ? -1 : 1));
    if (!first || first.head.done === true) return;
    yield first.head.value;
    first.head = await first.keys.next();
  }
};
