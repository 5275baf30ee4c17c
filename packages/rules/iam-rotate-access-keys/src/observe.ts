import {
  GetAccessKeyLastUsedCommand,
  IAMClient,
  paginateListAccessKeys,
  type AccessKeyMetadata,
  type User,
} from '@aws-sdk/client-iam';
import { defined, hasCode, type Listed, type Resource, type Session } from '@compliance/core/rule';
import * as z from 'zod';

import { credentialReport, type CredentialReportRow } from './credential-report.ts';
import { USER, findUser, listUsers } from './user.ts';

/** Creation dates of a user's active keys, oldest first. */
export const Facts = z.object({ activeKeysCreated: z.array(z.iso.datetime()) });
export type Facts = z.infer<typeof Facts>;

const Key = z.object({
  accessKeyId: z.string(),
  created: z.iso.datetime(),
  /** The day of the last use, in UTC. The hour would change each time the key is used. */
  lastUsed: z.iso.date().nullable(),
});
export type Key = z.infer<typeof Key>;

export const Handles = z.object({ userName: z.string(), keys: z.array(Key) });
export type Handles = z.infer<typeof Handles>;

export const getUserKeys = async (resource: Resource, { session }: { readonly session: Session }) => {
  const client = session.client(IAMClient);
  const user = await findUser(resource, client);
  const { UserName: userName } = user ?? {};
  const active = userName === undefined ? undefined : await listActiveKeys(userName, client);
  if (!user || userName === undefined || !active) return undefined;
  const keys = await Promise.all(active.map((key) => withLastUse(key, client)));
  return {
    facts: factsOf(keys.map(({ created }) => new Date(created))),
    identity: identityOf(user),
    handles: { userName, keys: keys.toSorted((a, b) => (a.accessKeyId < b.accessKeyId ? -1 : 1)) },
  };
};

/** Lists users with the dates of the credential report, which may be four hours old: a fix reads live. */
export const listUserKeys = async function* ({
  session,
}: {
  readonly session: Session;
}): AsyncGenerator<Listed<Facts, Handles>> {
  const [rows, users] = await Promise.all([credentialReport(session), listUsers(session)]);
  const rowsByUser = new Map(rows.map((row) => [row.user, row]));
  for (const user of users) {
    const facts = factsOfRow(rowsByUser.get(user.UserName ?? ''), user);
    yield { resource: resourceOf(user), ...defined({ facts }) };
  }
};

/** The report may lack a newer user, or have an earlier user of that name. */
const factsOfRow = (row: CredentialReportRow | undefined, { CreateDate }: User): Facts | undefined => {
  if (!row || isoOf(row.created) !== isoOf(CreateDate)) return undefined;
  const dates = row.activeKeys.filter((created) => created !== undefined);
  return dates.length === row.activeKeys.length ? factsOf(dates) : undefined;
};

const listActiveKeys = async (
  userName: string,
  client: IAMClient,
): Promise<AccessKeyMetadata[] | undefined> => {
  try {
    const pages = await Array.fromAsync(paginateListAccessKeys({ client }, { UserName: userName }));
    return pages
      .flatMap(({ AccessKeyMetadata = [] }) => AccessKeyMetadata)
      .filter(({ Status }) => Status === 'Active');
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};

const withLastUse = async (
  { AccessKeyId = '', CreateDate }: AccessKeyMetadata,
  client: IAMClient,
): Promise<Key> => {
  const { AccessKeyLastUsed } = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  const lastUsed = AccessKeyLastUsed?.LastUsedDate;
  return {
    accessKeyId: AccessKeyId,
    created: isoOf(CreateDate),
    lastUsed: lastUsed ? isoOf(lastUsed).slice(0, 10) : null,
  };
};

const factsOf = (created: readonly Date[]): Facts => ({ activeKeysCreated: created.map(isoOf).toSorted() });

/** To the second, like the report. */
const isoOf = (date: Date | undefined): string => {
  if (!date) throw new Error('Incomplete answer of IAM: a key or a user has no creation date.');
  return new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString();
};

const resourceOf = (user: User): Resource => ({
  resourceType: USER,
  resourceId: user.UserId ?? '',
  ...identityOf(user),
});

const identityOf = ({ UserName, Arn }: User) => defined({ resourceName: UserName, arn: Arn });
