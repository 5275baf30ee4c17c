import {
  DeleteObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { hasCode } from '@compliance/core';
import { isPublishedKey, publishedFiles, type DataSource, type PublishedFile } from '@compliance/dashboard';
import { isDataKey, OVERVIEW_KEY, PAGE_HEADERS } from '@compliance/dashboard-data';
import { dashboardBucket } from '@compliance/infra';
import pMap from 'p-map';

import { identify } from '../../account/open-account.ts';
import { masterAccess } from '../../operator/master-access.ts';
import { bucketNameIn } from '../../operator/resolve-place.ts';
import { UsageError } from '../../output/exit-codes.ts';
import { createProgress } from '../../output/progress.ts';
import type { DashboardFlags } from './run.ts';

const AT_ONCE = 16;

/** A bucket of the caller's account: written to nobody else's, whatever its name. */
type OwnBucket = Pick<PutObjectCommandInput, 'Bucket' | 'ExpectedBucketOwner'>;

/**
 * Writes the page and the data to the bucket of the hosted dashboard, and deletes what the data no longer has. Without
 * `--apply`, it only says what it would do. It touches no key but those of a page and its data.
 */
export const publishDashboard = async (source: DataSource, flags: DashboardFlags): Promise<void> => {
  const files = await publishedFiles(source);
  const access = await masterAccess(flags);
  const { accountId } = await identify(new STSClient(access));
  const named = typeof flags.publish === 'string' ? bucketNameIn(flags.publish) : undefined;
  const name = named ?? dashboardBucket(accountId);
  const [client, own] = [new S3Client(access), { Bucket: name, ExpectedBucketOwner: accountId }];
  const there = await keysIn(client, own);
  // The files of a page may be those of any website: only data says that a bucket is a dashboard's.
  const isDashboard = named === undefined || there.some(isDataKey);
  const foreign = there.find((key) => !isDashboard || !isPublishedKey(key));
  if (foreign !== undefined)
    throw new UsageError(
      `s3://${name} also has ${foreign}, which is of no dashboard. Name a bucket of its own. Nothing was changed.`,
    );
  const wanted = new Set(files.map(({ key }) => key));
  const stale = there.filter((key) => !wanted.has(key));
  if (!flags.apply) {
    process.stdout.write(
      `s3://${name}: ${files.length} files to write, ${stale.length} to delete. Nothing was changed: --apply does it.\n`,
    );
    return;
  }
  await writeAll(client, own, files).catch((error: unknown) => {
    process.stderr.write(
      `s3://${name} was written in part: readers cannot open what is newer than its overview. Publish again.\n`,
    );
    throw error;
  });
  await pMap(stale, (Key) => client.send(new DeleteObjectCommand({ ...own, Key })), { concurrency: AT_ONCE });
  process.stdout.write(`s3://${name}: ${files.length} files written, ${stale.length} deleted.\n`);
};

const keysIn = async (client: S3Client, own: OwnBucket): Promise<readonly string[]> => {
  const keys: string[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, own))
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  } catch (error) {
    if (hasCode(error, 'NoSuchBucket'))
      throw new UsageError(
        `No bucket ${own.Bucket}. Set dashboard in compliance.yaml and run make deploy-master, or name a bucket.`,
        { cause: error },
      );
    if (hasCode(error, 'AccessDenied'))
      throw new Error(
        `s3://${own.Bucket} is not readable: it belongs to another account than ${own.ExpectedBucketOwner}, or s3:ListBucket is missing. Nothing was changed.`,
        { cause: error },
      );
    throw error;
  }
  return keys;
};

/** The overview comes last: what it names is there. Until then, readers of a level that is newer than it are told so. */
const writeAll = async (client: S3Client, own: OwnBucket, files: readonly PublishedFile[]): Promise<void> => {
  const progress = createProgress(process.stderr);
  let written = 0;
  const write = async ({ key, type, encoding, read }: PublishedFile) => {
    await client.send(
      new PutObjectCommand({
        ...own,
        Key: key,
        Body: await read(),
        ContentType: type,
        CacheControl: PAGE_HEADERS['cache-control'],
        ...(encoding && { ContentEncoding: encoding }),
      }),
    );
    written += 1;
    progress.show(`${written} of ${files.length} files written`);
  };
  const isLast = ({ key }: PublishedFile) => key === OVERVIEW_KEY;
  await pMap(
    files.filter((file) => !isLast(file)),
    write,
    { concurrency: AT_ONCE },
  );
  for (const file of files.filter(isLast)) await write(file);
  progress.clear();
};
