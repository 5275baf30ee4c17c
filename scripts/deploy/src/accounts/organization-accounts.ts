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
  /** Neither closed nor on the way in or out. */
  readonly active: boolean;
}

export interface OrganizationAccounts {
  readonly accounts: readonly OrganizationAccount[];
  readonly managementAccountId: string;
}

/**
 * The accounts of the organization as AWS lists them.
 * @throws {Error} when the credentials belong to another organization than compliance.yaml means
 */
export const listOrganizationAccounts = async (context: DeployContext): Promise<OrganizationAccounts> => {
  const organizations = await createClient(context);
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
  const { id } = context.settings.organization;
  if (Organization?.Id !== id)
    throw new Error(`The credentials belong to ${Organization?.Id}, and compliance.yaml means ${id}.`);
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

/** The organizational unit, or the root, that an account is in. */
export const findParent = async (context: DeployContext, accountId: string): Promise<string | undefined> => {
  const organizations = await createClient(context);
  const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: accountId }));
  return Parents?.[0]?.Id;
};

const createClient = (context: DeployContext): Promise<OrganizationsClient> =>
  context.client(OrganizationsClient, {
    accountId: context.settings.organization.masterAccountId,
    // Organizations answers in one Region for all; the SDK knows which.
    region: context.settings.organization.homeRegion,
  });

/**
 * Names what compliance.yaml lists and the organization does not have, before anything is changed there.
 * @throws {Error} with the ids
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
    `compliance.yaml lists ${named}, which the organization ${context.settings.organization.id} does not have: ` +
      'a slip of the pen, or it left. Nothing was changed.',
  );
};
