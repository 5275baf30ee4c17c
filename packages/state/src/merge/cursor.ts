/** Goes through batches one item at a time, and waits only between batches: to wait for each of millions is slow. */
export const createCursor = <Item>(batches: AsyncIterable<Iterable<Item>>) => {
  const source = batches[Symbol.asyncIterator]();
  let items: Iterator<Item> | undefined;
  let head: Item | undefined;
  let isDone = false;
  return {
    /** To await before `head`; most of the time, there is nothing to wait for. */
    load: (): Promise<void> | undefined => (head !== undefined || isDone ? undefined : loadNext()),
    /** The item that is next, `undefined` after the last one. */
    head: (): Item | undefined => head,
    advance,
  };

  function advance(): void {
    const result = items?.next();
    head = result === undefined || result.done === true ? undefined : result.value;
  }

  async function loadNext(): Promise<void> {
    do {
      const result = await source.next();
      isDone = result.done === true;
      items = result.done === true ? undefined : result.value[Symbol.iterator]();
      advance();
    } while (head === undefined && !isDone);
  }
};

/** To await before the heads of several; most of the time, there is nothing to wait for. */
export const loadAll = (
  ...cursors: readonly Pick<ReturnType<typeof createCursor>, 'load'>[]
): Promise<unknown> | undefined => {
  const loading = cursors.map((cursor) => cursor.load()).filter((one) => one !== undefined);
  return loading.length > 0 ? Promise.all(loading) : undefined;
};
