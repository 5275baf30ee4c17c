import type { AccountContacts } from './account-contacts.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { Account, Settings } from './settings.ts';

/** What tells whose an account's resources are. */
interface Ownership {
  readonly account: Account;
  readonly appliedSettings: Pick<Settings, 'owners'>;
  readonly contacts: AccountContacts;
}

type Tagged = Pick<Resource, 'tags'>;

/** Whom a finding goes to: the resource's tag, else the account's owner, else its security contact, else the default. */
export const ownerOf = async (
  resource: Tagged,
  { session, ...ownership }: Ownership & { readonly session: Session },
): Promise<string> =>
  namedOwner(resource, ownership) ??
  (await ownership.contacts.ask(session)) ??
  ownership.appliedSettings.owners.default;

/** The same as far as it is known without a call: for the events of every verdict. */
export const knownOwnerOf = (resource: Tagged, ownership: Ownership): string =>
  namedOwner(resource, ownership) ??
  ownership.contacts.known(ownership.account.id) ??
  ownership.appliedSettings.owners.default;

const namedOwner = ({ tags }: Tagged, { account, appliedSettings: { owners } }: Ownership) =>
  tags?.[owners.tag] ?? account.owner;
