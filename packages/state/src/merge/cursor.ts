/** Goes through batches one item at a time, and waits only between batches: to wait for each of millions is slow. */
export const createCursor = <Item>(batches: AsyncIterable<readonly Item[]>) => {
  const source = batches[Symbol.asyncIterator]();
  let items: readonly Item[] = [];
  let next = 0;
  let isDone = false;
  return {
    /** To await before `head`; most of the time, there is nothing to wait for. */
    load: (): Promise<void> | undefined => (next < items.length || isDone ? undefined : loadNext()),
    /** The item that is next, `undefined` after the last one. */
    head: (): Item | undefined => items[next],
    advance: (): void => void (next += 1),
  };

  async function loadNext(): Promise<void> {
    do {
      const result = await source.next();
      isDone = result.done === true;
      [items, next] = [result.done === true ? [] : result.value, 0];
    } while (items.length === 0 && !isDone);
  }
};
