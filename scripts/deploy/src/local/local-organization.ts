import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { localCompliance } from '@compliance/local-deployment';
import type { LocalOrg } from '@compliance/local-org';
import { stringify } from 'yaml';
import * as z from 'zod';

import { LOCAL_ORGANIZATION, LOCAL_SETTINGS } from '../base/paths.ts';

const Credentials = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** The file with which other processes find the organization on this machine. */
const LocalOrganization = z.object({
  pid: z.number(),
  endpointUrl: z.url(),
  /** Administrator credentials by account. */
  credentials: z.record(z.string(), Credentials),
});
export type LocalOrganization = Readonly<z.infer<typeof LocalOrganization>>;

/** Returns the organization on this machine, if it is running. */
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

/** Lets other processes find the organization until the returned function is called. Also writes default settings. */
export const publishLocalOrganization = (org: LocalOrg): (() => void) => {
  mkdirSync(dirname(LOCAL_ORGANIZATION), { recursive: true });
  writeFileSync(LOCAL_SETTINGS, stringify(localCompliance(org, { rules: FIXES })));
  // Readable by the owner only, although these are credentials of an emulator.
  const write = () =>
    writeFileSync(LOCAL_ORGANIZATION, JSON.stringify(describeLocal(org), null, 2), { mode: 0o600 });
  write();
  org.on(({ type }) => {
    if (type === 'AccountJoined') write();
  });
  return () => rmSync(LOCAL_ORGANIZATION, { force: true });
};

/** Rule settings that fix something automatically, as an example. */
export const FIXES = { S3_ENABLE_VERSIONING: { groups: { sandbox: { mode: 'auto' } } } };

export const describeLocal = ({ organization, endpointUrl, credentials }: LocalOrg): LocalOrganization => {
  const accounts = [organization.master, ...organization.members].map(({ id }) => {
    const { accessKeyId, secretAccessKey } = credentials(id);
    return [id, { accessKeyId, secretAccessKey }] as const;
  });
  return { pid: process.pid, endpointUrl, credentials: Object.fromEntries(accounts) };
};
