import { parseSettings, type Settings } from '@compliance/core';
import type { LocalOrg } from '@compliance/local-org';

type Organization = Pick<LocalOrg, 'organization' | 'homeRegion' | 'regions'>;

/** What compliance.yaml says of a local organization; each member is in a group of its own name. */
export const localCompliance = (
  { organization, homeRegion, regions }: Organization,
  settings: object = {},
): object => ({
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
  limits: { maxSharePerHour: 1 },
  ...settings,
});

/** The same, as both functions read it. */
export const localSettings = (org: Organization, settings: object = {}): Settings =>
  parseSettings(localCompliance(org, settings));
