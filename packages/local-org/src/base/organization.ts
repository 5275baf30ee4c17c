export interface Account {
  readonly id: string;
  readonly name: string;
}

/** An organization with fixed ids, the same in every run. */
export interface OrganizationModel {
  readonly id: string;
  /** Where the product is deployed, and a delegated administrator if it is not the management account. */
  readonly master: Account;
  /** What manages the organization: the master account, or a member. */
  readonly management: Account;
  /** Current members, including closed accounts. */
  readonly members: readonly Account[];
}

/** An organization whose accounts join, leave and close. */
export interface Organization extends OrganizationModel {
  /** Ids of the accounts that are not closed. */
  readonly activeIds: () => readonly string[];
  readonly isClosed: (accountId: string) => boolean;
  readonly join: (name: string) => Account;
  readonly leave: (accountId: string) => void;
  /** A closed account stays in the organization as SUSPENDED. */
  readonly close: (accountId: string) => void;
}

const MASTER_ID = '999988887777';

/** 111122223333, 222233334444, …: ids that are clearly not real ones. */
const memberId = (index: number): string => {
  if (index >= 80) throw new Error('A local organization has at most 80 members.');
  const [digit, group] = [(index % 8) + 1, Math.floor(index / 8)];
  const [first, second, third] = [digit, digit + 1, digit + 2].map((value) => String(value % 10).repeat(4));
  return `${first}${second}${third}`.slice(0, 11) + String((digit + 2 + group) % 10);
};

/** @param managementName the member that manages the organization; otherwise the master account does */
export const createOrganization = (memberNames: readonly string[], managementName?: string): Organization => {
  const master = { id: MASTER_ID, name: 'master' };
  const members = memberNames.map((name, index) => ({ id: memberId(index), name }));
  const management = members.find(({ name }) => name === managementName) ?? master;
  const closed = new Set<string>();
  let created = members.length;
  return {
    id: 'o-localorg12',
    master,
    management,
    members,
    activeIds: () => [master, ...members].map(({ id }) => id).filter((id) => !closed.has(id)),
    isClosed: (accountId) => closed.has(accountId),
    join: (name) => {
      const account = { id: memberId(created), name };
      created += 1;
      members.push(account);
      return account;
    },
    leave: (accountId) => {
      members.splice(
        members.findIndex(({ id }) => id === accountId),
        1,
      );
    },
    close: (accountId) => {
      closed.add(accountId);
    },
  };
};
