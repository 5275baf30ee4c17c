import {
  hasCode,
  type ConfigurationItem,
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
}

/** Observes a setting of buckets: in the item where it decides, else with a live read of each bucket. */
export const bucketSetting = <Facts, Handles = unknown>({
  item,
  read,
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
  list: listBuckets,
});
