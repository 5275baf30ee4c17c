import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SETTINGS_KEY } from '@compliance/runtime';
import * as z from 'zod';

import type { DeployContext } from '../context/deploy-context.ts';
import { openBucket, readPublished } from '../functions/publication.ts';

/** The object beside the settings that lists the accounts whose enrollment is complete. */
const ENROLLED_KEY = 'reconciled.json';

const Accounts = z.object({ accounts: z.array(z.object({ id: z.string() })) });

/**
 * Reads the ids of the accounts whose enrollment is complete.
 * The last reconciliation wrote them; without one, they are the accounts of the published settings.
 * @throws {Error} when nothing is deployed
 */
export const readEnrolledAccounts = async (context: DeployContext): Promise<readonly string[]> => {
  const text = (await readPublished(context, ENROLLED_KEY)) ?? (await readPublished(context, SETTINGS_KEY));
  if (text === undefined) throw new Error('Nothing is deployed yet. Run make deploy-master first.');
  return Accounts.parse(JSON.parse(text)).accounts.map(({ id }) => id);
};

export const writeEnrolledAccounts = async (
  context: DeployContext,
  ids: readonly string[],
): Promise<void> => {
  const { s3, bucket } = await openBucket(context);
  const Body = JSON.stringify({ accounts: ids.map((id) => ({ id })) });
  await s3.send(
    new PutObjectCommand({ ...bucket, Key: ENROLLED_KEY, Body, ContentType: 'application/json' }),
  );
};
