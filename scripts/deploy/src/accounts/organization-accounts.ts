import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListParentsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';

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

/** Returns the organizational unit, or the root, of an account. */
export const findParent = async (context: DeployContext, accountId: string): Promise<string | undefined> => {
  const organizations = await createClient(context);
  const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: accountId }));
  return Parents?.[0]?.Id;
};

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
