import type { Resource } from './resource.ts';
import type { Account, Settings } from './settings.ts';

/** Whom a finding goes to: the resource's tag, else the account's owner, else the default. */
export const ownerOf = ({ tags }: Pick<Resource, 'tags'>, account: Account, { owners }: Settings): string =>
  tags?.[owners.tag] ?? account.owner ?? owners.default;
