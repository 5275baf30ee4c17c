import { type Place, samePlace } from '../base/place.ts';
import type { ConfigurationItem } from '../base/configuration-item.ts';

interface ResourceHistory {
  readonly place: Place;
  /** Newest last. */
  readonly items: ConfigurationItem[];
}

/** Configuration items kept per resource: a bounded number of each, of a bounded number of resources. */
export interface History {
  readonly add: (place: Place, item: ConfigurationItem) => void;
  readonly latest: (place: Place, resourceType: string, resourceId: string) => ConfigurationItem | undefined;
  readonly all: (place: Place, resourceType: string, resourceId: string) => readonly ConfigurationItem[];
  /** The latest item of every resource of the place that was not deleted. */
  readonly existing: (place: Place) => readonly ConfigurationItem[];
  /** By id or name, wherever it is: a deletion names what can no longer be asked. */
  readonly find: (
    resourceType: string,
    key: string,
  ) => readonly { readonly place: Place; readonly item: ConfigurationItem }[];
}

const ITEMS_KEPT = 20;
const RESOURCES_KEPT = 20_000;

export const isDeleted = (item: ConfigurationItem): boolean =>
  item.configurationItemStatus === 'ResourceDeleted';

export const createHistory = (): History => {
  const resources = new Map<string, ResourceHistory>();
  const keyOf = ({ accountId, region }: Place, resourceType: string, resourceId: string): string =>
    `${accountId}/${region}/${resourceType}/${resourceId}`;

  const all: History['all'] = (place, resourceType, resourceId) =>
    resources.get(keyOf(place, resourceType, resourceId))?.items ?? [];

  return {
    all,
    add: (place, item) => {
      const key = keyOf(place, item.resourceType, item.resourceId);
      const known = resources.get(key) ?? { place, items: [] };
      known.items.push(item);
      if (known.items.length > ITEMS_KEPT) known.items.shift();
      // Set again at the end: the resource that was quiet for longest is the first to be forgotten.
      resources.delete(key);
      resources.set(key, known);
      const [oldest] = resources.keys();
      if (resources.size > RESOURCES_KEPT && oldest !== undefined) resources.delete(oldest);
    },
    latest: (place, resourceType, resourceId) => all(place, resourceType, resourceId).at(-1),
    existing: (place) =>
      [...resources.values()].flatMap((recorded) => {
        const item = recorded.items.at(-1);
        return item === undefined || isDeleted(item) || !samePlace(recorded.place, place) ? [] : [item];
      }),
    find: (resourceType, key) =>
      [...resources.values()].flatMap(({ place, items }) => {
        const item = items.at(-1);
        if (item === undefined || item.resourceType !== resourceType) return [];
        return item.resourceId === key || item.resourceName === key ? [{ place, item }] : [];
      }),
  };
};
