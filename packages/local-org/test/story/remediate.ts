import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';

import { memberCredentials } from './member-credentials.ts';

/** Turns versioning on. */
export const handler = async (event: {
  accountId: string;
  resourceId: string;
}): Promise<{ status: string }> => {
  const s3 = new S3Client({ credentials: await memberCredentials(event.accountId, 'remediate') });
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: event.resourceId, VersioningConfiguration }));
  return { status: 'fixed' };
};
