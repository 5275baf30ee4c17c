import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { localCompliance } from '@compliance/local-deployment';
import type { LocalOrg } from '@compliance/local-org';
import { stringify } from 'yaml';
import * as z from 'zod';

import { LOCAL_ORGANIZATION, LOCAL_SETTINGS } from '../base/paths.ts';

const Credentials = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** How other processes find the organization on this machine. */
const LocalOrganization = z.object({
  pid: z.number(),
  endpointUrl: z.url(),
  /** Of an administrator of each account. */
  credentials: z.record(z.string(), Credentials),
});
export type LocalOrganization = Readonly<z.infer<typeof LocalOrganization>>;

/** The organization that runs on this machine, if one does. */
export const findLocalOrganization = async (): Promise<LocalOrganization | undefined> => {
  let text: string;
  try {
    text = await readFile(LOCAL_ORGANIZATION, 'utf8');
  } catch {
    return undefined;
  }
  const found = LocalOrganization.parse(JSON.parse(text));
  return (await answers(found)) ? found : undefined;
};

const answers = async ({ endpointUrl }: LocalOrganization): Promise<boolean> => {
  try {
    await fetch(endpointUrl);
    return true;
  } catch {
    return false;
  }
};

/** Lets other processes find it, until the answered function is called. Its settings are written once, to be edited. */
export const publishLocalOrganization = (org: LocalOrg): (() => void) => {
  mkdirSync(dirname(LOCAL_ORGANIZATION), { recursive: true });
  writeFileSync(LOCAL_SETTINGS, stringify(localCompliance(org, { rules: FIXES })));
  // Credentials of an emulator, and yet nobody else's business.
  const tell = () =>
    writeFileSync(LOCAL_ORGANIZATION, JSON.stringify(describeLocal(org), null, 2), { mode: 0o600 });
  tell();
  org.on(({ type }) => {
    if (type === 'AccountJoined') tell();
  });
  return () => rmSync(LOCAL_ORGANIZATION, { force: true });
};

/** Something happens by itself there. */
export const FIXES = { S3_ENABLE_VERSIONING: { groups: { sandbox: { mode: 'auto' } } } };

export const describeLocal = ({ organization, endpointUrl, credentials }: LocalOrg): LocalOrganization => {
  const accounts = [organization.master, ...organization.members].map(({ id }) => {
    const { accessKeyId, secretAccessKey } = credentials(id);
    return [id, { accessKeyId, secretAccessKey }] as const;
  });
  return { pid: process.pid, endpointUrl, credentials: Object.fromEntries(accounts) };
};
