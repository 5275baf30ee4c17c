import { isDeepStrictEqual } from 'node:util';

import type { ConfigurationItem } from '../base/configuration-item.ts';

type Compared = Pick<
  ConfigurationItem,
  'configuration' | 'supplementaryConfiguration' | 'tags' | 'relationships'
>;

const members = (item: Compared | undefined): Map<string, unknown> =>
  new Map([
    ...Object.entries(item?.configuration ?? {}).map(([name, value]): [string, unknown] => [
      `Configuration.${name}`,
      value,
    ]),
    ...Object.entries(item?.supplementaryConfiguration ?? {}).map(([name, value]): [string, unknown] => [
      `SupplementaryConfiguration.${name}`,
      value,
    ]),
    ...Object.entries(item?.tags ?? {}).map(([name, value]): [string, unknown] => [`Tags.${name}`, value]),
  ]);

/** The configurationItemDiff between two items; `undefined` when nothing changed. */
export const itemDiff = (
  before: Compared | undefined,
  after: Compared | undefined,
):
  | { readonly changedProperties: Readonly<Record<string, unknown>>; readonly changeType: string }
  | undefined => {
  const [old, now] = [members(before), members(after)];
  const changedProperties: Record<string, unknown> = {};
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [previousValue = null, updatedValue = null] = [old.get(name), now.get(name)];
    if (isDeepStrictEqual(previousValue, updatedValue)) continue;
    const changeType = changeTypeOf(old.has(name), now.has(name));
    changedProperties[name] = { previousValue, updatedValue, changeType };
  }
  const changeType = changeTypeOf(before !== undefined, after !== undefined);
  return changeType === 'UPDATE' && Object.keys(changedProperties).length === 0
    ? undefined
    : { changedProperties, changeType };
};

const changeTypeOf = (wasThere: boolean, isThere: boolean): 'CREATE' | 'UPDATE' | 'DELETE' => {
  if (!wasThere) return 'CREATE';
  return isThere ? 'UPDATE' : 'DELETE';
};
