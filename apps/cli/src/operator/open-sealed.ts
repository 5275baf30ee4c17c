import { folderStore, s3Store, type ObjectStore } from '@compliance/evidence';
import { sealedBucket } from '@compliance/infra';

import type { MasterFlags } from './master-access.ts';
import { resolvePlace } from './resolve-place.ts';

/** Opens the sealed hours in a folder or a bucket; without either, those of the deployment. */
export const openSealed = async (sealed: string | undefined, flags: MasterFlags): Promise<ObjectStore> => {
  const place = await resolvePlace(sealed, flags, { content: 'sealed hours', bucketOf: sealedBucket });
  return 'folder' in place ? folderStore(place.folder) : s3Store(place.client, place.bucket);
};
