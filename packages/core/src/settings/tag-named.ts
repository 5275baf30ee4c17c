import type { Tags } from '../aws/resource-tags.ts';

/**
 * A tag by its name: the exact key, otherwise the first key that differs only in case and separators: `Managed_By` for
 * `managed-by`. A name that begins with `aws:` is found exactly or not at all, because only AWS can write it.
 */
export const tagNamed = (tags: Tags, name: string): readonly [key: string, value: string] | undefined => {
  const exact = Object.hasOwn(tags, name) ? tags[name] : undefined;
  if (exact !== undefined) return [name, exact];
  if (name.startsWith('aws:')) return undefined;
  return Object.entries(tags)
    .filter(([key]) => !key.startsWith('aws:') && plain(key) === plain(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))[0];
};

const plain = (key: string) => key.toLowerCase().replaceAll(/[\s\-_.:/]/g, '');
