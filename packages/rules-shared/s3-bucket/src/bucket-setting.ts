import {
  hasCode,
  type ConfigurationItem,
  type Listed,
  type Observation,
  type Rule,
  type Session,
} from '@compliance/core/rule';

import { bucketOf, listBuckets, type Bucket } from './bucket.ts';

interface BucketSetting<Facts, Handles> {
  /** The facts in an item of AWS Config; `undefined`: the item does not decide. */
  readonly item: (item: ConfigurationItem) => Facts | undefined;
  /** The setting, live. */
  readonly read: (bucket: Bucket, session: Session) => Promise<Observation<Facts, Handles>>;
  /** The facts alone, for a listing: with fewer calls than `read`, because buckets share an answer or need no handles. */
  readonly listed?: (bucket: Bucket, session: Session) => Promise<Facts>;
}

/** Observes a setting of buckets: in the item where it decides, else with a live read of each bucket. */
export const bucketSetting = <Facts, Handles = unknown>({
  item,
  read,
  listed,
}: BucketSetting<Facts, Handles>): Rule<Facts, unknown, Handles>['observe'] => ({
  item: (recorded) => {
    const facts = item(recorded);
    return facts === undefined ? undefined : { facts };
  },
  get: async ({ resourceId }, { session }) => {
    try {
      const observation = await read(bucketOf(resourceId, session.accountId), session);
      return { ...observation, identity: { resourceName: resourceId } };
    } catch (error) {
      if (hasCode(error, 'NoSuchBucket')) return undefined;
      throw error;
    }
  },
  list: listed ? listWith(listed) : listBuckets,
});

/** Buckets that a listing reads at a time. */
const BATCH = 16;

const listWith = <Facts>(read: (bucket: Bucket, session: Session) => Promise<Facts>) =>
  async function* ({ session }: { readonly session: Session }): AsyncGenerator<Listed<Facts, never>> {
    const buckets = await Array.fromAsync(listBuckets({ session }));
    const observe = async ({ resource }: Listed): Promise<Listed<Facts, never>[]> => {
      try {
        const facts = await read(bucketOf(resource.resourceId, session.accountId), session);
        return [{ resource, facts }];
      } catch (error) {
        // Without facts, `get` is asked for this bucket, and fails for it alone.
        return hasCode(error, 'NoSuchBucket') ? [] : [{ resource }];
      }
    };
    for (let start = 0; start < buckets.length; start += BATCH)
      yield* (await Promise.all(buckets.slice(start, start + BATCH).map(observe))).flat();
  };
