import * as z from 'zod';

import { digest } from '../digest.ts';
import { awsError, type Call } from '../gateway/index.ts';
import { toJsonTime } from '../json-time.ts';
import { page } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { partitionOf, type Place, placeKey, samePlace } from '../place.ts';
import type { Work } from '../work.ts';
import { expandPackTemplate, PackTemplateError } from './pack-template.ts';
import { InputParameters, parametersOf } from './pack-handlers.ts';
import type { Packs, PacksDependencies } from './packs.ts';

interface AccountStatus {
  status: `${'CREATE' | 'UPDATE' | 'DELETE'}_${'IN_PROGRESS' | 'SUCCESSFUL' | 'FAILED'}`;
  errorCode?: string | undefined;
  errorMessage?: string | undefined;
}

interface OrganizationPack {
  readonly place: Place;
  readonly name: string;
  readonly arn: string;
  readonly request: z.output<typeof PutRequest>;
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
  /** All accounts of the organization, the master among them: it is a target like any other unless excluded. */
  readonly accountIds: readonly string[];
}

const PutRequest = z.object({
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
const NamesRequest = z.object({
  OrganizationConformancePackNames: z.array(z.string()).max(25).optional(),
  NextToken: z.string().optional(),
});
const NameRequest = z.object({
  OrganizationConformancePackName: z.string(),
  NextToken: z.string().optional(),
});

/** Organization conformance packs: one template, deployed into every account that is not excluded. */
export const createOrganizationPacks = (deps: OrganizationPacksDependencies) => {
  const organizationPacks = new Map<string, OrganizationPack>();
  const keyOf = (place: Place, name: string): string => `${placeKey(place)}/${name}`;

  const need = (call: Call, name: string): OrganizationPack => {
    const pack = organizationPacks.get(keyOf(call, name));
    if (pack !== undefined) return pack;
    throw awsError(
      'NoSuchOrganizationConformancePackException',
      `There is no organization conformance pack '${name}' here.`,
      400,
    );
  };

  const wanted = (call: Call): { items: OrganizationPack[]; nextToken?: string } => {
    const { OrganizationConformancePackNames: names, NextToken: nextToken } = parseInput(
      NamesRequest,
      call.input,
    );
    const all = [...organizationPacks.values()].filter((pack) => samePlace(pack.place, call));
    return page(names?.map((name) => need(call, name)) ?? all, { limit: 25, nextToken });
  };

  return {
    'config:PutOrganizationConformancePack': async (call: Call) => {
      refuseMembers(call, deps.masterAccountId);
      const request = parseInput(PutRequest, call.input);
      const name = request.OrganizationConformancePackName;
      const old = organizationPacks.get(keyOf(call, name));
      if (old !== undefined) refuseBusy(old);
      const template = await checkedTemplate(deps, call, request);
      const { accountId, region } = call;
      const arn = `arn:${partitionOf(region)}:config:${region}:${accountId}:organization-conformance-pack/${name}-${digest(8, placeKey(call), name)}`;
      const pack: OrganizationPack = {
        place: { accountId, region },
        name,
        arn,
        request,
        accounts: old?.accounts ?? new Map<string, AccountStatus>(),
        updatedAt: deps.now(),
      };
      organizationPacks.set(keyOf(call, name), pack);
      fanOut(deps, pack, template, old === undefined ? 'CREATE' : 'UPDATE');
      return { OrganizationConformancePackArn: arn };
    },
    'config:DescribeOrganizationConformancePacks': async (call: Call) => {
      const { items, nextToken } = wanted(call);
      return { OrganizationConformancePacks: items.map(details), NextToken: nextToken };
    },
    'config:DescribeOrganizationConformancePackStatuses': async (call: Call) => {
      const { items, nextToken } = wanted(call);
      return { OrganizationConformancePackStatuses: items.map(aggregate), NextToken: nextToken };
    },
    'config:GetOrganizationConformancePackDetailedStatus': async (call: Call) => {
      const request = parseInput(NameRequest, call.input);
      const pack = need(call, request.OrganizationConformancePackName);
      const { items, nextToken } = page([...pack.accounts], { limit: 100, nextToken: request.NextToken });
      return {
        OrganizationConformancePackDetailedStatuses: items.map(([accountId, account]) => ({
          AccountId: accountId,
          ConformancePackName: memberPackName(pack, accountId),
          Status: account.status,
          ErrorCode: account.errorCode,
          ErrorMessage: account.errorMessage,
          LastUpdateTime: toJsonTime(pack.updatedAt),
        })),
        NextToken: nextToken,
      };
    },
    'config:DeleteOrganizationConformancePack': async (call: Call) => {
      refuseMembers(call, deps.masterAccountId);
      const pack = need(call, parseInput(NameRequest, call.input).OrganizationConformancePackName);
      refuseBusy(pack);
      for (const accountId of pack.accounts.keys()) removeFrom(deps, pack, accountId);
      organizationPacks.delete(keyOf(call, pack.name));
      deps.tags.forget(pack.arn);
      return {};
    },
  };
};

/** The template, which must be valid before anything is deployed. S3 silently wins over a body, as in AWS. */
const checkedTemplate = async (
  { readTemplate }: OrganizationPacksDependencies,
  call: Call,
  request: z.output<typeof PutRequest>,
): Promise<string> => {
  const { TemplateS3Uri: s3Uri, TemplateBody: body } = request;
  if (s3Uri === undefined && body === undefined) {
    throw awsError('ValidationException', 'One of TemplateBody and TemplateS3Uri is needed.', 400);
  }
  try {
    const template = await readTemplate(call, s3Uri === undefined ? { body } : { s3Uri });
    expandPackTemplate(template, {
      parameters: parametersOf(request.ConformancePackInputParameters),
      region: call.region,
    });
    return template;
  } catch (error) {
    if (!(error instanceof PackTemplateError)) throw error;
    throw awsError('OrganizationConformancePackTemplateValidationException', error.message, 400);
  }
};

const memberPackName = ({ name, arn }: OrganizationPack, accountId: string): string =>
  `OrgConformsPack-${name}-${digest(8, arn, accountId)}`;

const fanOut = (
  deps: OrganizationPacksDependencies,
  pack: OrganizationPack,
  template: string,
  verb: 'CREATE' | 'UPDATE',
): void => {
  const excluded = new Set(pack.request.ExcludedAccounts);
  for (const accountId of pack.accounts.keys()) {
    if (excluded.has(accountId)) removeFrom(deps, pack, accountId);
  }
  const parameters = parametersOf(pack.request.ConformancePackInputParameters);
  for (const accountId of deps.accountIds.filter((id) => !excluded.has(id))) {
    const account: AccountStatus = { status: `${verb}_IN_PROGRESS` };
    pack.accounts.set(accountId, account);
    deps.work.start(`deploying pack ${pack.name} into ${accountId}`, async () => {
      const place = { accountId, region: pack.place.region };
      const { state, reason } = await deps.packs.deploy(
        place,
        memberPackName(pack, accountId),
        template,
        parameters,
      );
      account.status = state === 'CREATE_COMPLETE' ? `${verb}_SUCCESSFUL` : `${verb}_FAILED`;
      account.errorCode = reason?.split(':')[0];
      account.errorMessage = reason;
      pack.updatedAt = deps.now();
    });
  }
};

const removeFrom = (
  { packs }: OrganizationPacksDependencies,
  pack: OrganizationPack,
  accountId: string,
): void => {
  const deployed = packs.get({ accountId, region: pack.place.region }, memberPackName(pack, accountId));
  if (deployed !== undefined) packs.remove(deployed);
  pack.accounts.delete(accountId);
};

const details = (pack: OrganizationPack) => ({
  OrganizationConformancePackName: pack.name,
  OrganizationConformancePackArn: pack.arn,
  DeliveryS3Bucket: pack.request.DeliveryS3Bucket,
  DeliveryS3KeyPrefix: pack.request.DeliveryS3KeyPrefix,
  ConformancePackInputParameters: pack.request.ConformancePackInputParameters ?? [],
  ExcludedAccounts: pack.request.ExcludedAccounts ?? [],
  LastUpdateTime: toJsonTime(pack.updatedAt),
});

/** In progress while any account is; failed as soon as one account did. */
const aggregate = (pack: OrganizationPack) => {
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

const refuseMembers = ({ accountId }: Call, masterAccountId: string): void => {
  if (accountId === masterAccountId) return;
  throw awsError(
    'OrganizationAccessDeniedException',
    `Only the management account may do this, not ${accountId}.`,
    400,
  );
};

const refuseBusy = ({ name, accounts }: OrganizationPack): void => {
  if (![...accounts.values()].some(({ status }) => status.endsWith('_IN_PROGRESS'))) return;
  throw awsError('ResourceInUseException', `Organization conformance pack '${name}' is being deployed.`, 400);
};
