import { existsSync } from 'node:fs';

import { sealedLedger } from '@compliance/infra';

import { createRoot, type Root } from './root.ts';
import { selectedAccounts, selectedRegions, type DeployContext } from '../context/deploy-context.ts';

/** The roots of the master account in stages: global, home Region, all Regions, then what the settings choose. Later stages need the earlier ones. */
export const masterRoots = (context: DeployContext): readonly (readonly Root[])[] => {
  const { masterAccountId: accountId, homeRegion } = context.settings.organization;
  const home = { accountId, region: homeRegion };
  const ledger = sealedLedger(context.settings);
  assertBuilt(context);
  const { dashboard } = context.settings;
  const chosen = [
    ...(ledger ? [createRoot('master-keeper', home, { keeper_zip: context.zips.keeper })] : []),
    ...(ledger?.athena ? [createRoot('master-athena', home)] : []),
    ...(dashboard ? [createRoot('master-dashboard', home)] : []),
  ];
  return [
    [createRoot('master-global', home)],
    [createRoot('master-home', home, { keep_data: context.options.KEEP_DATA === 'yes' })],
    selectedRegions(context).map((region) =>
      createRoot(
        'master-regional',
        { accountId, region },
        { rule_zip: context.zips.rule, remediation_zip: context.zips.remediation },
      ),
    ),
    ...(chosen.length > 0 ? [chosen] : []),
  ];
};

/** The roots of the selected members in stages: global, then all Regions. */
export const memberRoots = (context: DeployContext): readonly (readonly Root[])[] => {
  const { homeRegion } = context.settings.organization;
  const wanted = context.options.CREATE_RECORDER;
  // An existing recorder stays until CREATE_RECORDER=no: omitting the variable must not end the recording.
  const createsRecorder = (addresses: readonly string[]) =>
    wanted === undefined ? addresses.some((address) => address.includes('recorder')) : wanted === 'yes';
  const keep_history = context.options.KEEP_DATA === 'yes';
  const accounts = selectedAccounts(context);
  return [
    accounts.map((accountId) =>
      createRoot('member-global', { accountId, region: homeRegion }, (addresses) => ({
        create_recorder: createsRecorder(addresses),
      })),
    ),
    accounts.flatMap((accountId) =>
      selectedRegions(context).map((region) =>
        createRoot('member-regional', { accountId, region }, (addresses) => ({
          create_recorder: createsRecorder(addresses),
          keep_history,
        })),
      ),
    ),
  ];
};

/** The roots of the packs. @param waiting returns the accounts of later waves, in a Region */
export const rolloutRoots = (
  context: DeployContext,
  waiting: (region: string) => readonly string[],
): readonly Root[] => {
  const { masterAccountId: accountId, id } = context.settings.organization;
  return selectedRegions(context).map((region) =>
    createRoot(
      `rollout/${region}`,
      { accountId, region },
      id === undefined ? {} : { excluded_accounts: waiting(region) },
    ),
  );
};

/** The roots of the packs where there is no organization: each account has its own. */
export const accountPackRoots = (context: DeployContext): readonly Root[] =>
  selectedAccounts(context).flatMap((accountId) =>
    selectedRegions(context).map((region) => createRoot(`account-packs/${region}`, { accountId, region })),
  );

const assertBuilt = ({ zips }: DeployContext) => {
  const missing = Object.values(zips).filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`Bundle not found: ${missing.join(', ')}. Run make build first.`);
};
