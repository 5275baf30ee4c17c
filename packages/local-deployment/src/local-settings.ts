import { parseSettings, type Settings } from '@compliance/core';
import type { LocalOrg } from '@compliance/local-org';

/** Settings for the accounts of a local organization; each member is in a group of its own name. */
export const localSettings = (
  { organization, homeRegion, regions }: Pick<LocalOrg, 'organization' | 'homeRegion' | 'regions'>,
  settings: object = {},
): Settings =>
  parseSettings({
    organization: {
      id: organization.id,
      masterAccountId: organization.master.id,
      externalId: 'local-organization',
      homeRegion,
      regions,
    },
    accounts: organization.members.map(({ id, name }) => ({
      id,
      name,
      groups: [name],
      owner: `${name}@example.com`,
    })),
    // A handful of resources: a quarter of them would be none.
    limits: { sharePerHour: 1 },
    ...settings,
  });
