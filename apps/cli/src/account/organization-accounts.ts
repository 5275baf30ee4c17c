import {
  DescribeOrganizationCommand,
  ListRootsCommand,
  OrganizationsClient,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  type Account as AccountInAws,
} from '@aws-sdk/client-organizations';
import { AccountId, explain, isAccessDenied, type Session } from '@compliance/core/scan';

export interface OrganizationAccount {
  readonly id: AccountId;
  readonly name: string;
  /** The names of its units from the root on, such as `Root/Workloads`, as exemptions name them. */
  readonly unit?: string;
  /** The ids of the same units. */
  readonly unitIds: readonly string[];
  /** False while the account is closed, suspended, joining or leaving. */
  readonly active: boolean;
}

export interface FoundOrganization {
  readonly managementAccountId: string | undefined;
  readonly accounts: readonly OrganizationAccount[];
  /** Why the accounts have no units, if they could not be read. */
  readonly unitsFailure?: string;
}

/**
 * Lists the accounts with their units. The management account and delegated administrators may ask.
 * One unit after the other: AWS Organizations accepts few calls a second.
 */
export const listOrganization = async (session: Session): Promise<FoundOrganization> => {
  const client = session.client(OrganizationsClient);
  const { Organization } = await client.send(new DescribeOrganizationCommand({}));
  const managementAccountId = Organization?.MasterAccountId;
  try {
    const { Roots = [] } = await client.send(new ListRootsCommand({}));
    const [root] = Roots;
    const top: Unit = { id: root?.Id ?? '', path: root?.Name ?? 'Root', ids: [root?.Id ?? ''] };
    return { managementAccountId, accounts: await Array.fromAsync(accountsBelow(client, top)) };
  } catch (error) {
    // A delegated administrator may list accounts without being allowed to read units.
    if (!isAccessDenied(error)) throw error;
    const pages = await Array.fromAsync(paginateListAccounts({ client }, {}));
    const accounts = pages.flatMap(({ Accounts = [] }) => Accounts.map((account) => accountOf(account)));
    return { managementAccountId, accounts, unitsFailure: explain(error) };
  }
};

interface Unit {
  readonly id: string;
  readonly path: string;
  readonly ids: readonly string[];
}

async function* accountsBelow(client: OrganizationsClient, unit: Unit): AsyncGenerator<OrganizationAccount> {
  const ParentId = unit.id;
  for await (const { Accounts = [] } of paginateListAccountsForParent({ client }, { ParentId }))
    for (const account of Accounts) yield accountOf(account, unit);
  for await (const { OrganizationalUnits = [] } of paginateListOrganizationalUnitsForParent(
    { client },
    { ParentId },
  ))
    for (const { Id = '', Name = Id } of OrganizationalUnits) {
      // A slash in a name would look like two units.
      const name = Name.includes('/') ? Id : Name;
      yield* accountsBelow(client, { id: Id, path: `${unit.path}/${name}`, ids: [...unit.ids, Id] });
    }
}

const accountOf = ({ Id, Name, State, Status }: AccountInAws, unit?: Unit): OrganizationAccount => {
  const id = AccountId.parse(Id);
  return {
    id,
    name: Name ?? id,
    unitIds: unit?.ids ?? [],
    active: (State ?? Status) === 'ACTIVE',
    ...(unit && { unit: unit.path }),
  };
};
