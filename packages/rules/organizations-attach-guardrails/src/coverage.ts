import {
  OrganizationsClient,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from '@aws-sdk/client-organizations';
import type { Session } from '@compliance/core/rule';

/** Accounts that the same policies reach. */
interface Coverage {
  readonly policies: string[];
  readonly accounts: string[];
}

/**
 * Which policies reach which active member accounts: those of the account, its units and the root.
 * The management account is left out: no policy restricts it.
 */
export const coverageOf = async (
  rootId: string,
  attachments: ReadonlyMap<string, readonly string[]>,
  session: Session,
): Promise<Coverage[]> => {
  const attachedTo = (target: string) =>
    [...attachments].filter(([, targets]) => targets.includes(target)).map(([policyId]) => policyId);
  const found: { account: string; policies: string[] }[] = [];
  const visit = async (parent: string, inherited: readonly string[]): Promise<void> => {
    const reaching = [...inherited, ...attachedTo(parent)];
    for (const account of await activeMembers(parent, session))
      found.push({ account, policies: sorted([...reaching, ...attachedTo(account)]) });
    for (const unit of await unitsOf(parent, session)) await visit(unit, reaching);
  };
  await visit(rootId, []);
  return Object.entries(Object.groupBy(found, ({ policies }) => policies.join(' ')))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, members = []]) => ({
      policies: members[0]?.policies ?? [],
      accounts: sorted(members.map(({ account }) => account)),
    }));
};

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted();

const activeMembers = async (ParentId: string, session: Session): Promise<readonly string[]> => {
  const client = session.client(OrganizationsClient);
  const pages = await Array.fromAsync(paginateListAccountsForParent({ client }, { ParentId }));
  return pages
    .flatMap(({ Accounts = [] }) => Accounts)
    .filter(({ State, Status }) => (State ?? Status) === 'ACTIVE')
    .flatMap(({ Id }) => Id ?? [])
    .filter((accountId) => accountId !== session.accountId);
};

const unitsOf = async (ParentId: string, session: Session): Promise<readonly string[]> => {
  const client = session.client(OrganizationsClient);
  const pages = await Array.fromAsync(paginateListOrganizationalUnitsForParent({ client }, { ParentId }));
  return pages.flatMap(({ OrganizationalUnits = [] }) => OrganizationalUnits).flatMap(({ Id }) => Id ?? []);
};
