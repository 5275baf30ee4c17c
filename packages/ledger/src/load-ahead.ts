/** Loads the next few items while one is used, and yields them in their order. */
export const loadAhead = async function* <Item, Loaded>(
  items: AsyncIterable<Item>,
  ahead: number,
  load: (item: Item) => Promise<Loaded>,
): AsyncGenerator<Loaded> {
  const loading: Promise<Loaded>[] = [];
  for await (const item of items) {
    const loaded = load(item);
    // A failure is thrown when its item is yielded.
    loaded.catch(() => {});
    loading.push(loaded);
    const next = loading.length > ahead ? loading.shift() : undefined;
    if (next) yield next;
  }
  yield* loading;
};
