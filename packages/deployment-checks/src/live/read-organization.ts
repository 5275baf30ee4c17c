import {
  DescribeOrganizationCommand,
  OrganizationsClient,
  paginateListAccounts,
  paginateListDelegatedAdministrators,
} from '@aws-sdk/client-organizations';
import type { Session } from '@compliance/core';

import type { OrganizationAccount } from '../model/deployment.ts';
import { PACK_SERVICES } from '../model/pack-services.ts';
import { readIfPermitted, type Fragment } from './fragment.ts';

/** Reads the organization, part by part: not every account may read all of it. */
export const readOrganization = (master: Session): readonly Promise<Fragment>[] => {
  const { accountId } = master;
  return [
    readIfPermitted({ part: 'organization', accountId }, 'The organization', async () => {
      const { Organization } = await clientOf(master).send(new DescribeOrganizationCommand({}));
      return { organization: { id: Organization?.Id, managementAccountId: Organization?.MasterAccountId } };
    }),
    readIfPermitted(
      { part: 'organizationAccounts', accountId },
      'The accounts of the organization',
      async () => ({ organization: { accounts: await accountsOf(master) } }),
    ),
    readIfPermitted(
      { part: 'administration', accountId },
      'The delegated administrators of the organization',
      async () => ({ organization: { administeredServices: await servicesAdministeredBy(master) } }),
    ),
  ];
};

// AWS Organizations has one endpoint per partition; the SDK resolves it from any Region.
const clientOf = (session: Session) => session.client(OrganizationsClient);

const accountsOf = async (master: Session): Promise<readonly OrganizationAccount[]> => {
  const accounts: OrganizationAccount[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: clientOf(master) }, {}))
    for (const { Id = '', Name = '', State, Status } of Accounts)
      accounts.push({ id: Id, name: Name, active: (State ?? Status) === 'ACTIVE' });
  return accounts;
};

const servicesAdministeredBy = async (master: Session): Promise<readonly string[]> => {
  const services: string[] = [];
  for (const ServicePrincipal of PACK_SERVICES)
    for await (const { DelegatedAdministrators = [] } of paginateListDelegatedAdministrators(
      { client: clientOf(master) },
      { ServicePrincipal },
    ))
      if (DelegatedAdministrators.some(({ Id }) => Id === master.accountId)) services.push(ServicePrincipal);
  return services;
};
