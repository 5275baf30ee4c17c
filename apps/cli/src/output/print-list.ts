const AT_ONCE = 500;

/** Prints lines to standard output, some hundred at once: all of a long list in one text would double its memory. */
export const printLines = <Item>(items: readonly Item[], lineOf: (item: Item) => string): void => {
  for (let start = 0; start < items.length; start += AT_ONCE)
    process.stdout.write(
      items
        .slice(start, start + AT_ONCE)
        .map(lineOf)
        .join(''),
    );
};

/** Prints a JSON array with the layout of `JSON.stringify(items, null, 2)`. */
export const printJsonArray = (items: readonly unknown[]): void => {
  if (items.length === 0) return void process.stdout.write('[]\n');
  const indented = (item: unknown) => JSON.stringify(item, null, 2).replaceAll('\n', '\n  ');
  let separator = '[\n  ';
  printLines(items, (item) => {
    const text = `${separator}${indented(item)}`;
    separator = ',\n  ';
    return text;
  });
  process.stdout.write('\n]\n');
};
