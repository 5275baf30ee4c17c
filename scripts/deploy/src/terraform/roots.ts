import { existsSync } from 'node:fs';

import { rootOf, type Root } from './root.ts';
import { accountsOf, regionsOf, type Where } from '../context/deploy-context.ts';

/** Global first, then the home Region, then the others: nobody may be asked for what is not there yet. */
export const masterRoots = (where: Where): readonly (readonly Root[])[] => {
  const { masterAccountId: accountId, homeRegion } = where.settings.organization;
  const home = { accountId, region: homeRegion };
  requireZips(where);
  return [
    [rootOf('master-global', home)],
    [rootOf('master-home', home, { keep_data: where.options.KEEP_DATA === 'yes' })],
    regionsOf(where).map((region) =>
      rootOf(
        'master-regional',
        { accountId, region },
        { rule_zip: where.zips.rule, remediation_zip: where.zips.remediation },
      ),
    ),
  ];
};

export const memberRoots = (where: Where): readonly (readonly Root[])[] => {
  const { homeRegion } = where.settings.organization;
  const wanted = where.options.CREATE_RECORDER;
  // A recorder that was made stays until somebody says no: forgetting a variable must not end the recording.
  const createsRecorder = (addresses: readonly string[]) =>
    wanted === undefined ? addresses.some((address) => address.includes('recorder')) : wanted === 'yes';
  const keep_history = where.options.KEEP_DATA === 'yes';
  const accounts = accountsOf(where);
  return [
    accounts.map((accountId) =>
      rootOf('member-global', { accountId, region: homeRegion }, (addresses) => ({
        create_recorder: createsRecorder(addresses),
      })),
    ),
    accounts.flatMap((accountId) =>
      regionsOf(where).map((region) =>
        rootOf('member-regional', { accountId, region }, (addresses) => ({
          create_recorder: createsRecorder(addresses),
          keep_history,
        })),
      ),
    ),
  ];
};

/** @param waiting the accounts whose turn has not come, in a Region */
export const rolloutRoots = (
  where: Where,
  waiting: (region: string) => readonly string[],
): readonly Root[] => {
  const { masterAccountId: accountId, id } = where.settings.organization;
  return regionsOf(where).map((region) =>
    rootOf(
      `rollout/${region}`,
      { accountId, region },
      id === undefined ? {} : { excluded_accounts: waiting(region) },
    ),
  );
};

/** Where there is no organization: the packs in each account by themselves. */
export const accountPackRoots = (where: Where): readonly Root[] =>
  accountsOf(where).flatMap((accountId) =>
    regionsOf(where).map((region) => rootOf(`account-packs/${region}`, { accountId, region })),
  );

const requireZips = ({ zips }: Where) => {
  const missing = Object.values(zips).filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`There is no ${missing.join(', ')}: run make build first.`);
};
