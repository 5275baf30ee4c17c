import { join } from 'node:path';

import { parseSettings, type Settings } from '@compliance/core';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';

import { deployLocally, type LocalDeployment } from '../src/index.ts';

const repository = join(import.meta.dirname, '../../..');

/** The bundles as `make build` leaves them: what would be deployed. */
export const zips = {
  rule: join(repository, 'apps/evaluate/dist/function.zip'),
  remediation: join(repository, 'apps/remediate/dist/function.zip'),
};

export interface StoryOptions extends Pick<LocalDeployment, 'exemptions'> {
  /** Everything of the settings but the organization and its accounts. */
  readonly settings?: object;
  readonly members?: readonly string[];
  readonly regions?: readonly string[];
}

/** Settings for the accounts of a local organization; each member is in a group of its own name. */
export const storySettings = (
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
    ...settings,
  });

/** A local organization with the product deployed in it. */
export const deployedOrg = async ({
  settings,
  exemptions,
  members = ['team-a'],
  regions = ['eu-west-1'],
}: StoryOptions) => {
  const org = await startLocalOrg({
    homeRegion: regions[0] ?? 'eu-west-1',
    regions,
    members: members.map((name) => ({ name })),
  });
  try {
    await deployLocally(org, {
      settings: storySettings(org, settings),
      zips,
      ...(exemptions && { exemptions }),
    });
    return org;
  } catch (error) {
    await org.stop();
    throw error;
  }
};
