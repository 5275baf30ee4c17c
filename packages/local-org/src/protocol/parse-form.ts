/** Maps instead of objects, because a parameter may be called `__proto__`. */
type Node = Map<string, Node | string>;

/**
 * Parses an `application/x-www-form-urlencoded` body into objects and arrays:
 * `Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1` becomes `{ Filter: [{ Name: 'vpc-id', Value: ['vpc-1'] }] }`.
 * Drops the `member` level of the query protocol.
 */
export const parseForm = (form: URLSearchParams): Record<string, unknown> => {
  const root: Node = new Map();
  for (const [path, value] of form) {
    const names = path.split('.').filter((name) => name !== 'member' && name !== 'entry');
    const last = names.pop();
    if (last !== undefined) descend(root, names).set(last, value);
  }
  return Object.fromEntries([...root].map(([name, value]) => [name, plain(value)]));
};

const descend = (root: Node, names: readonly string[]): Node => {
  let node = root;
  for (const name of names) {
    const next = node.get(name);
    const child: Node = next instanceof Map ? next : new Map();
    node.set(name, child);
    node = child;
  }
  return node;
};

const plain = (value: Node | string): unknown => {
  if (typeof value === 'string') return value;
  const entries = [...value];
  const isList = entries.every(([name]) => /^\d+$/.test(name));
  if (isList) return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, item]) => plain(item));
  return Object.fromEntries(entries.map(([name, item]) => [name, plain(item)]));
};
