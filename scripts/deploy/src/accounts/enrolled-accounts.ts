import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { settingsBucket } from '@compliance/infra';
import { SETTINGS_KEY } from '@compliance/runtime';
import * as z from 'zod';

import type { DeployContext } from '../context/deploy-context.ts';

/** The object beside the settings that lists the accounts whose enrollment is complete. */
const ENROLLED_KEY = 'reconciled.json';

const Accounts = z.object({ accounts: z.array(z.object({ id: z.string() })) });

/**
 * Reads the ids of the accounts whose enrollment is complete.
 * The last reconciliation wrote them; without one, they are the accounts of the published settings.
 * @throws {Error} when nothing is deployed
 */
export const readEnrolledAccounts = async (context: DeployContext): Promise<readonly string[]> => {
  const text = (await read(context, ENROLLED_KEY)) ?? (await read(context, SETTINGS_KEY));
  if (text === undefined) throw new Error('Nothing is deployed yet. Run make deploy-master first.');
  return Accounts.parse(JSON.parse(text)).accounts.map(({ id }) => id);
};

export const writeEnrolledAccounts = async (
  context: DeployContext,
  ids: readonly string[],
): Promise<void> => {
  const { s3, Bucket } = await openBucket(context);
  const Body = JSON.stringify({ accounts: ids.map((id) => ({ id })) });
  await s3.send(new PutObjectCommand({ Bucket, Key: ENROLLED_KEY, Body, ContentType: 'application/json' }));
};

const read = async (context: DeployContext, Key: string): Promise<string | undefined> => {
  const { s3, Bucket } = await openBucket(context);
  try {
    return await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && ['NoSuchKey', 'NoSuchBucket'].includes(error.name)) return undefined;
    throw error;
  }
};

const openBucket = async (context: DeployContext) => {
  const { masterAccountId: accountId, homeRegion: region } = context.settings.organization;
  return { s3: await context.client(S3Client, { accountId, region }), Bucket: settingsBucket(accountId) };
};
