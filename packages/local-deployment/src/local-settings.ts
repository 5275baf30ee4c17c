import { parseSettings, type Settings } from '@compliance/core';
import type { LocalOrg } from '@compliance/local-org';

type Organization = Pick<LocalOrg, 'organization' | 'homeRegion' | 'regions'>;

/**
 * The compliance.yaml of a local organization. Each member is in a group of its own name.
 * @param settings besides, or instead; those of the organization are added to its own
 */
export const localCompliance = (
  { organization, homeRegion, regions }: Organization,
  settings: object = {},
): object => {
  const { organization: ofOrganization, ...others }: { readonly organization?: object } = settings;
  return {
    organization: {
      id: organization.id,
      masterAccountId: organization.master.id,
      ...(organization.management.id !== organization.master.id && {
        managementAccountId: organization.management.id,
      }),
      externalId: 'local-organization',
      homeRegion,
      regions,
      ...ofOrganization,
    },
    accounts: organization.members.map(({ id, name }) => ({
      id,
      name,
      groups: [name],
      owner: `${name}@example.com`,
    })),
    // The default share of a handful of resources would be none of them.
    limits: { maxSharePerHour: 1 },
    ...others,
  };
};

/** The settings of a local organization, as both functions read them. */
export const localSettings = (org: Organization, settings: object = {}): Settings =>
  parseSettings(localCompliance(org, settings));
