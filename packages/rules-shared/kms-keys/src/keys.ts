import { KMSClient, paginateListKeys, type KeyListEntry } from '@aws-sdk/client-kms';
import type { ResourceShape, Session } from '@compliance/core/rule';

export const KEY = 'AWS::KMS::Key';

/** The resource of a grant on keys. */
export const KEYS = 'arn:*:kms:*:*:key/*';

/** How exemptions and owners name a key. */
export const keyShape: ResourceShape = {
  tagFilter: 'kms:key',
  arn: (id, { partition, region, accountId }) => `arn:${partition}:kms:${region}:${accountId}:key/${id}`,
};

/** Lists the keys of the Region, those of AWS too. The rules of a sweep share the listing: one call per thousand keys. */
export const sharedKeys = (session: Session): Promise<readonly KeyListEntry[]> =>
  session.once('kms/keys', async () => {
    const client = session.client(KMSClient);
    const pages = await Array.fromAsync(paginateListKeys({ client, pageSize: 1000 }, {}));
    return pages.flatMap(({ Keys = [] }) => Keys);
  });
