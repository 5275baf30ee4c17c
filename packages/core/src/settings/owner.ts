import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { AccountContacts } from './account-contacts.ts';
import type { Account, Settings } from './settings.ts';
import { tagNamed } from './tag-named.ts';

/** The sources of a resource's owner. */
interface Ownership {
  readonly account: Account;
  readonly appliedSettings: Pick<Settings, 'owners'>;
  readonly contacts: AccountContacts;
}

type Tagged = Pick<Resource, 'tags'>;

/** The owner of a finding: the resource's tag, the account's owner, its security contact, or the default. */
export const ownerOf = async (
  resource: Tagged,
  { session, ...ownership }: Ownership & { readonly session: Session },
): Promise<string> =>
  namedOwner(resource, ownership) ??
  (await ownership.contacts.ask(session)) ??
  ownership.appliedSettings.owners.default;

/** The owner as far as it is known without a call. Every verdict's event uses it. */
export const knownOwnerOf = (resource: Tagged, ownership: Ownership): string =>
  namedOwner(resource, ownership) ??
  ownership.contacts.known(ownership.account.id) ??
  ownership.appliedSettings.owners.default;

const namedOwner = ({ tags }: Tagged, { account, appliedSettings: { owners } }: Ownership) =>
  (tags && tagNamed(tags, owners.tag)?.[1].trim()) || account.owner;
