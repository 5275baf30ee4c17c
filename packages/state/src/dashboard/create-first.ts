/** Keeps the first of many items by an order, in flat memory. */
export const createFirst = <Item>(count: number, compare: (a: Item, b: Item) => number) => {
  let items: Item[] = [];
  let last: Item | undefined;
  return {
    add: (item: Item): void => {
      if (last !== undefined && compare(item, last) >= 0) return;
      items.push(item);
      if (items.length < count * 2) return;
      items = items.toSorted(compare).slice(0, count);
      last = items.at(-1);
    },
    all: (): readonly Item[] => items.toSorted(compare).slice(0, count),
  };
};
