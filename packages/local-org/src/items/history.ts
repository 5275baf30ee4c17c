import type { ConfigurationItem } from '../base/configuration-item.ts';
import { type Place, placeKey, samePlace } from '../base/place.ts';

interface ResourceHistory {
  readonly place: Place;
  /** Newest last. */
  readonly items: ConfigurationItem[];
}

/** Stores configuration items: the latest of each resource, for a limited number of resources. */
export interface History {
  readonly add: (place: Place, item: ConfigurationItem) => void;
  readonly latest: (place: Place, resourceType: string, resourceId: string) => ConfigurationItem | undefined;
  readonly all: (place: Place, resourceType: string, resourceId: string) => readonly ConfigurationItem[];
  /** The latest item of every resource in the place that is not deleted. */
  readonly existing: (place: Place) => readonly ConfigurationItem[];
  /** Finds the latest item by id or name in all places: a deleted resource can no longer be read. */
  readonly find: (
    resourceType: string,
    key: string,
  ) => readonly { readonly place: Place; readonly item: ConfigurationItem }[];
}

const MAX_ITEMS = 20;
const MAX_RESOURCES = 20_000;

export const isDeleted = (item: ConfigurationItem): boolean =>
  item.configurationItemStatus === 'ResourceDeleted';

export const createHistory = (): History => {
  const resources = new Map<string, ResourceHistory>();

  const all: History['all'] = (place, resourceType, resourceId) =>
    resources.get(placeKey(place, resourceType, resourceId))?.items ?? [];

  return {
    all,
    add: (place, item) => {
      const key = placeKey(place, item.resourceType, item.resourceId);
      const known = resources.get(key) ?? { place, items: [] };
      known.items.push(item);
      if (known.items.length > MAX_ITEMS) known.items.shift();
      // Move it to the end of the map: the resource unchanged for longest is dropped first.
      resources.delete(key);
      resources.set(key, known);
      const [oldest] = resources.keys();
      if (resources.size > MAX_RESOURCES && oldest !== undefined) resources.delete(oldest);
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
