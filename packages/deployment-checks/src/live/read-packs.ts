import {
  ConfigServiceClient,
  paginateDescribeOrganizationConformancePacks,
  paginateGetOrganizationConformancePackDetailedStatus,
} from '@aws-sdk/client-config-service';
import type { Session } from '@compliance/core';
import { PACKS } from '@compliance/infra';

import type { DeployedPack } from '../model/deployment.ts';
import { undefinedIfNotFound, type Fragment } from './fragment.ts';

/** Reads the organization packs that the account owns in a Region; none without an organization. */
export const readPacks = async (session: Session): Promise<Fragment> => {
  const { accountId, region } = session;
  const packs = await undefinedIfNotFound(packsIn(session), 'NoAvailableOrganizationException');
  return {
    packs: (packs ?? []).map((pack) => ({ ...pack, accountId, region, scope: 'organization' as const })),
    coverage: [{ part: 'packs', accountId, region }],
  };
};

type Pack = Pick<DeployedPack, 'name' | 'excludedAccounts' | 'failures'>;

const packsIn = async (session: Session): Promise<readonly Pack[]> => {
  const client = session.client(ConfigServiceClient);
  const packs: Pack[] = [];
  const pages = paginateDescribeOrganizationConformancePacks({ client }, {});
  for await (const { OrganizationConformancePacks = [] } of pages)
    for (const {
      OrganizationConformancePackName: name = '',
      ExcludedAccounts = [],
    } of OrganizationConformancePacks)
      if (Object.values(PACKS).some((own) => name === own || name.startsWith(`${own}-`)))
        packs.push({ name, excludedAccounts: ExcludedAccounts, failures: await failuresOf(client, name) });
  return packs;
};

const failuresOf = async (client: ConfigServiceClient, OrganizationConformancePackName: string) => {
  const failures: { readonly accountId: string; readonly reason: string }[] = [];
  const pages = paginateGetOrganizationConformancePackDetailedStatus(
    { client },
    { OrganizationConformancePackName },
  );
  for await (const { OrganizationConformancePackDetailedStatuses = [] } of pages)
    for (const {
      AccountId = '',
      Status,
      ErrorCode,
      ErrorMessage,
    } of OrganizationConformancePackDetailedStatuses)
      if (Status?.endsWith('_FAILED') === true)
        failures.push({
          accountId: AccountId,
          reason: [...new Set([ErrorCode, ErrorMessage])].filter(Boolean).join(': '),
        });
  return failures;
};
