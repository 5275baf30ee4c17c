import * as z from 'zod';

import { toJsonTime } from '../base/json-time.ts';
import type { Place } from '../base/place.ts';
import { stableId } from '../base/stable-id.ts';
import type { Work } from '../base/work.ts';
import { InputParameters, parametersOf } from './pack-handlers.ts';
import type { Packs, PacksDependencies } from './packs.ts';

export const OrganizationPackRequest = z.object({
  OrganizationConformancePackName: z
    .string()
    .regex(/^[a-zA-Z][-a-zA-Z0-9]*$/)
    .max(128),
  TemplateBody: z.string().min(1).max(51_200).optional(),
  TemplateS3Uri: z
    .string()
    .regex(/^s3:\/\/.+\/.+/)
    .optional(),
  DeliveryS3Bucket: z.string().optional(),
  DeliveryS3KeyPrefix: z.string().optional(),
  ConformancePackInputParameters: InputParameters,
  ExcludedAccounts: z
    .array(z.string().regex(/^\d{12}$/))
    .max(1000)
    .optional(),
});

export interface AccountStatus {
  status: `${'CREATE' | 'UPDATE' | 'DELETE'}_${'IN_PROGRESS' | 'SUCCESSFUL' | 'FAILED'}`;
  errorCode?: string | undefined;
  errorMessage?: string | undefined;
}

/** A template that AWS Config deploys into every account that is not excluded. */
export interface OrganizationPack {
  readonly place: Place;
  readonly name: string;
  readonly arn: string;
  readonly request: z.output<typeof OrganizationPackRequest>;
  readonly template: string;
  readonly accounts: Map<string, AccountStatus>;
  updatedAt: Date;
}

export interface OrganizationPacksDependencies extends Pick<
  PacksDependencies,
  'now' | 'readTemplate' | 'tags'
> {
  readonly packs: Packs;
  readonly work: Work;
  readonly masterAccountId: string;
  /** All accounts of the organization, including the master: it is a target too unless excluded. */
  readonly accountIds: () => readonly string[];
}

export const memberPackName = ({ name, arn }: OrganizationPack, accountId: string): string =>
  `OrgConformsPack-${name}-${stableId(8, arn, accountId)}`;

/** Removes the pack from excluded accounts and deploys it into the others. */
export const deployToOrganization = (
  deps: OrganizationPacksDependencies,
  pack: OrganizationPack,
  verb: 'CREATE' | 'UPDATE',
): void => {
  const excluded = new Set(pack.request.ExcludedAccounts);
  for (const accountId of pack.accounts.keys()) {
    if (excluded.has(accountId)) removeFromAccount(deps, pack, accountId);
  }
  for (const accountId of deps.accountIds().filter((id) => !excluded.has(id)))
    deployToAccount(deps, pack, accountId, verb);
};

/**
 * Deploys the pack into an account that lacks it, unless excluded.
 * AWS Config does this when an account joins, and again when its recorder starts.
 */
export const deployIfMissing = (
  deps: OrganizationPacksDependencies,
  pack: OrganizationPack,
  accountId: string,
): void => {
  if (pack.request.ExcludedAccounts?.includes(accountId) === true || !deps.accountIds().includes(accountId))
    return;
  const status = pack.accounts.get(accountId)?.status ?? 'CREATE_FAILED';
  if (status === 'CREATE_FAILED') deployToAccount(deps, pack, accountId, 'CREATE');
};

const deployToAccount = (
  deps: OrganizationPacksDependencies,
  pack: OrganizationPack,
  accountId: string,
  verb: 'CREATE' | 'UPDATE',
): void => {
  const account: AccountStatus = { status: `${verb}_IN_PROGRESS` };
  pack.accounts.set(accountId, account);
  deps.work.start(`deploying pack ${pack.name} into ${accountId}`, async () => {
    const { state, reason } = await deps.packs.deploy(
      { accountId, region: pack.place.region },
      memberPackName(pack, accountId),
      pack.template,
      parametersOf(pack.request.ConformancePackInputParameters),
    );
    account.status = state === 'CREATE_COMPLETE' ? `${verb}_SUCCESSFUL` : `${verb}_FAILED`;
    account.errorCode = reason?.split(':')[0];
    account.errorMessage = reason;
    pack.updatedAt = deps.now();
  });
};

export const removeFromAccount = (
  { packs }: OrganizationPacksDependencies,
  pack: OrganizationPack,
  accountId: string,
): void => {
  const deployed = packs.get({ accountId, region: pack.place.region }, memberPackName(pack, accountId));
  if (deployed !== undefined) packs.remove(deployed);
  pack.accounts.delete(accountId);
};

export const details = (pack: OrganizationPack) => ({
  OrganizationConformancePackName: pack.name,
  OrganizationConformancePackArn: pack.arn,
  DeliveryS3Bucket: pack.request.DeliveryS3Bucket,
  DeliveryS3KeyPrefix: pack.request.DeliveryS3KeyPrefix,
  ConformancePackInputParameters: pack.request.ConformancePackInputParameters ?? [],
  ExcludedAccounts: pack.request.ExcludedAccounts ?? [],
  LastUpdateTime: toJsonTime(pack.updatedAt),
});

/** The status of all accounts: in progress while any is, failed when one has failed. */
export const aggregate = (pack: OrganizationPack) => {
  const accounts = [...pack.accounts.values()];
  const found =
    accounts.find(({ status }) => status.endsWith('_IN_PROGRESS')) ??
    accounts.find(({ status }) => status.endsWith('_FAILED'));
  return {
    OrganizationConformancePackName: pack.name,
    Status: found?.status ?? accounts[0]?.status ?? 'CREATE_SUCCESSFUL',
    ErrorCode: found?.errorCode,
    ErrorMessage: found?.errorMessage,
    LastUpdateTime: toJsonTime(pack.updatedAt),
  };
};
