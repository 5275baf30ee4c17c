/** What JSON holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Values of one shape, with what stands at the same place in each of them side by side. */
export type Transposed =
  | { readonly values: readonly Json[] }
  | { readonly lengths: readonly number[]; readonly items: Transposed }
  | { readonly keys: readonly string[]; readonly members: readonly Transposed[] };

/** Puts values of one shape side by side, column by column: alike texts and numbers compress better next to each other. */
export const transpose = (values: readonly Json[]): Transposed => {
  if (values.length === 0) return { values };
  if (values.every(isList))
    return { lengths: values.map(({ length }) => length), items: transpose(values.flat()) };
  if (!values.every(isObject)) return { values };
  const [keys = [], ...others] = values.map((value) => Object.keys(value));
  const isSame = (other: readonly string[]) =>
    other.length === keys.length && other.every((key, index) => key === keys[index]);
  if (keys.length === 0 || !others.every(isSame)) return { values };
  return { keys, members: keys.map((key) => transpose(values.map((value) => value[key] ?? null))) };
};

/** The values again. */
export const restore = (transposed: Transposed): readonly Json[] => {
  if ('values' in transposed) return transposed.values;
  if ('lengths' in transposed) {
    const items = restore(transposed.items);
    let end = 0;
    return transposed.lengths.map((length) => items.slice(end, (end += length)));
  }
  const { keys, members } = transposed;
  const columns = members.map(restore);
  return (columns[0] ?? []).map((_, row) =>
    Object.fromEntries(keys.map((key, index) => [key, columns[index]?.[row] ?? null])),
  );
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
