import {
  OrganizationsClient,
  paginateListAWSServiceAccessForOrganization,
  paginateListDelegatedAdministrators,
  paginateListDelegatedServicesForAccount,
} from '@aws-sdk/client-organizations';
import { hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

/**
 * How a service that can be delegated registers its administrator: by Organizations alone, by CloudTrail's own call,
 * or by a call of the service, which most of them want in each Region.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
 */
export const REGISTERED_BY = {
  'access-analyzer.amazonaws.com': 'organizations',
  'account.amazonaws.com': 'organizations',
  'backup.amazonaws.com': 'organizations',
  'cloudtrail.amazonaws.com': 'cloudtrail',
  'config.amazonaws.com': 'organizations',
  'config-multiaccountsetup.amazonaws.com': 'organizations',
  'detective.amazonaws.com': 'service',
  'fms.amazonaws.com': 'service',
  'guardduty.amazonaws.com': 'service',
  'iam.amazonaws.com': 'organizations',
  'inspector2.amazonaws.com': 'service',
  'macie.amazonaws.com': 'service',
  'securityhub.amazonaws.com': 'service',
  'sso.amazonaws.com': 'organizations',
} as const;

/** The name by which a service integrates with Organizations. */
export const ServicePrincipal = z.enum(
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant.
  Object.keys(REGISTERED_BY) as (keyof typeof REGISTERED_BY)[],
);
export type ServicePrincipal = z.infer<typeof ServicePrincipal>;

/** The services that the organization trusts, each with the accounts that administer it; both sorted. */
export const Services = z.array(z.object({ principal: z.string(), delegates: z.array(z.string()) }));
export type Services = z.infer<typeof Services>;

/** Reads the services with one call for each delegated account, however many services there are. */
export const readServices = async (session: Session): Promise<Services> => {
  const client = session.client(OrganizationsClient);
  const trusted = await Array.fromAsync(paginateListAWSServiceAccessForOrganization({ client }, {}));
  const delegated = await Array.fromAsync(paginateListDelegatedAdministrators({ client }, {}));
  const delegations = await Promise.all(
    delegated
      .flatMap(({ DelegatedAdministrators = [] }) => DelegatedAdministrators)
      .map(async ({ Id: accountId = '' }) => ({ accountId, services: await servicesOf(accountId, session) })),
  );
  return trusted
    .flatMap(({ EnabledServicePrincipals = [] }) => EnabledServicePrincipals)
    .flatMap(({ ServicePrincipal: principal }) => principal ?? [])
    .toSorted()
    .map((principal) => ({
      principal,
      delegates: delegations
        .filter(({ services }) => services.includes(principal))
        .map(({ accountId }) => accountId)
        .toSorted(),
    }));
};

const servicesOf = async (AccountId: string, session: Session): Promise<readonly string[]> => {
  const client = session.client(OrganizationsClient);
  try {
    const pages = await Array.fromAsync(paginateListDelegatedServicesForAccount({ client }, { AccountId }));
    return pages
      .flatMap(({ DelegatedServices = [] }) => DelegatedServices)
      .flatMap(({ ServicePrincipal: principal }) => principal ?? []);
  } catch (error) {
    // Deregistered since the listing.
    if (hasCode(error, 'AccountNotRegisteredException')) return [];
    throw error;
  }
};
