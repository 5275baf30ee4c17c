import type { Rule } from '@compliance/core';

/** What a rule reads of a configuration item, as paths: `supplementary.BucketVersioningConfiguration.status`. */
export const itemPaths = ({ observe, resourceType }: Rule): readonly string[] => {
  const paths = new Set<string>();
  const known = new Map([
    ['resourceType', resourceType],
    ['resourceId', 'example'],
    ['accountId', '111122223333'],
    ['awsRegion', 'eu-west-1'],
  ]);
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- stands for an item; only what is read of it matters.
    observe.item?.(recorder(paths, [], known) as never);
  } catch {
    // What it read until then is what it reads.
  }
  const isDeepest = (path: string) => ![...paths].some((other) => other.startsWith(`${path}.`));
  return [...paths].filter(isDeepest).toSorted();
};

/** An object that has any member, and notes which are read. */
const recorder = (
  paths: Set<string>,
  path: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): object =>
  new Proxy(
    {},
    {
      get: (_, name) => {
        if (typeof name === 'symbol' || name === 'constructor' || name === 'then') return undefined;
        if (known.has(name)) return known.get(name);
        const next = [...path, name];
        if (next.length > 1) paths.add(next.join('.'));
        return recorder(paths, next);
      },
    },
  );
