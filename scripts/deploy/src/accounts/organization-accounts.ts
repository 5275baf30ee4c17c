import {
  DescribeOrganizationCommand,
  DescribeOrganizationalUnitCommand,
  ListAccountsCommand,
  ListParentsCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { explain, isAccessDenied } from '@compliance/core';

import type { DeployContext } from '../context/deploy-context.ts';

interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  /** False while the account is closed, suspended, joining or leaving. */
  readonly active: boolean;
}

export interface OrganizationAccounts {
  readonly accounts: readonly OrganizationAccount[];
  readonly managementAccountId: string;
}

/**
 * Lists the accounts of the organization.
 * @throws {Error} when the credentials belong to another organization than that of compliance.yaml
 */
export const listOrganizationAccounts = async (context: DeployContext): Promise<OrganizationAccounts> => {
  const organizations = await createClient(context);
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
  const { id } = context.settings.organization;
  if (Organization?.Id !== id)
    throw new Error(
      `Wrong organization: the credentials belong to ${Organization?.Id}, but compliance.yaml names ${id}.`,
    );
  const accounts: OrganizationAccount[] = [];
  let NextToken: string | undefined;
  do {
    const page = await organizations.send(
      new ListAccountsCommand({ ...(NextToken !== undefined && { NextToken }) }),
    );
    for (const { Id: accountId = '', Name = accountId, State, Status } of page.Accounts ?? [])
      accounts.push({ id: accountId, name: Name, active: (State ?? Status) === 'ACTIVE' });
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return { accounts, managementAccountId: Organization?.MasterAccountId ?? '' };
};

/**
 * Finds the organizational unit of an account as exemptions name it: the names from the root on, such as
 * `Root/Workloads/Payments`. Where a name may not be read, it is the id of the account's parent.
 */
export const findUnit = async (context: DeployContext, accountId: string): Promise<string | undefined> => {
  const organizations = await createClient(context);
  const [parent, ...above] = await listAncestors(organizations, accountId);
  if (parent === undefined) return undefined;
  try {
    const names = await Promise.all([parent, ...above].map((id) => readName(organizations, id)));
    return names.toReversed().join('/');
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
    context.say(
      `The names of the organizational units of ${accountId} may not be read, so its ou is ${parent}, ` +
        `which no exemption of a unit above covers: ${explain(error)}`,
    );
    return parent;
  }
};

/** The ids of the units above an account or unit, nearest first, and of the root. */
const listAncestors = async (client: OrganizationsClient, childId: string): Promise<readonly string[]> => {
  const { Parents } = await client.send(new ListParentsCommand({ ChildId: childId }));
  const parent = Parents?.[0]?.Id;
  if (parent === undefined) return [];
  return isRoot(parent) ? [parent] : [parent, ...(await listAncestors(client, parent))];
};

/**
 * The name of a unit or of the root; the id where a slash in the name would look like two units.
 * Unproven in AWS: that a delegated administrator may read it, and the form of the names.
 */
const readName = async (client: OrganizationsClient, id: string): Promise<string> => {
  const name = isRoot(id)
    ? (await client.send(new ListRootsCommand({}))).Roots?.find((root) => root.Id === id)?.Name
    : (await client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id })))
        .OrganizationalUnit?.Name;
  return name === undefined || name.includes('/') ? id : name;
};

const isRoot = (id: string): boolean => id.startsWith('r-');

const createClient = (context: DeployContext): Promise<OrganizationsClient> =>
  context.client(OrganizationsClient, {
    accountId: context.settings.organization.masterAccountId,
    // The SDK sends calls of Organizations to the one Region that serves them.
    region: context.settings.organization.homeRegion,
  });

/**
 * Checks that the organization has the accounts of compliance.yaml, before anything is changed.
 * @throws {Error} with the ids of the missing accounts
 */
export const assertInOrganization = (
  context: DeployContext,
  { accounts }: OrganizationAccounts,
  ids: readonly string[] = context.settings.accounts.map(({ id }) => id),
): void => {
  const known = new Set(accounts.map(({ id }) => id));
  const strangers = context.settings.accounts.filter(({ id }) => ids.includes(id) && !known.has(id));
  if (strangers.length === 0) return;
  const named = strangers.map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new Error(
    `compliance.yaml lists ${named}, which the organization ${context.settings.organization.id} does not have. ` +
      'Probably a typo, or the account left. Nothing was changed.',
  );
};
