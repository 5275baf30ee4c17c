import type { Exemption, Rule, Settings } from '@compliance/core';
import type { LocalOrg } from '@compliance/local-org';
import { loadAllRules } from '@compliance/registry';

import { deployFunctions, type FunctionZips } from './deploy-functions.ts';
import { deployKeeper } from './deploy-keeper.ts';
import { deployMasterRoles, deployMemberRoles } from './deploy-roles.ts';
import { deployPacks } from './deploy-packs.ts';
import { createStores } from './create-stores.ts';
import { publishExemptions, publishSettings } from './publish-settings.ts';
import { shareDocument } from './share-document.ts';

export interface LocalDeployment {
  readonly settings: Settings;
  readonly exemptions?: readonly Exemption[];
  readonly zips: FunctionZips;
  /** The path of the keeper's zip. It is deployed where the settings name a key as well. */
  readonly keeperZip?: string;
  /** The rules of roles and packs; all of them when left out. */
  readonly rules?: readonly Rule[];
  /** Deploy with the stop switch on: everything is judged and planned, nothing is fixed. */
  readonly stopped?: boolean;
}

/**
 * Deploys the product to a local organization, as to a real one:
 * the built bundles, the emitted roles, permissions, document and conformance packs, with the same AWS calls and in the
 * order that AWS demands.
 */
export const deployLocally = async (
  org: LocalOrg,
  { settings, exemptions = [], zips, keeperZip, stopped = false, rules: some }: LocalDeployment,
): Promise<void> => {
  const rules = some ?? (await loadAllRules());
  await createStores(org, { stopped });
  await publishSettings(org, settings);
  await publishExemptions(org, exemptions);
  await deployMasterRoles(org);
  await Promise.all(
    settings.accounts.map(({ id }) => deployMemberRoles(org, { settings, rules, accountId: id })),
  );
  for (const region of org.regions) {
    await deployFunctions(org, { settings, region, zips });
    await shareDocument(org, settings, region);
  }
  if (keeperZip !== undefined) await deployKeeper(org, { settings, zip: keeperZip });
  for (const region of org.regions) await deployPacks(org, { settings, rules, region });
  // The first sweep of all rules in all accounts.
  await org.whenIdle({ withinMs: 300_000 });
};
