import { partitionOf } from '@compliance/core';
import * as z from 'zod';

import { toJsonTime } from '../base/json-time.ts';
import { placeKey, samePlace } from '../base/place.ts';
import { stableId } from '../base/stable-id.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import {
  aggregate,
  details,
  deployToOrganization,
  memberPackName,
  deployIfMissing,
  OrganizationPackRequest,
  removeFromAccount,
  type AccountStatus,
  type OrganizationPack,
  type OrganizationPacksDependencies,
} from './deploy-organization-pack.ts';
import { parametersOf } from './pack-handlers.ts';
import { expandPackTemplate, PackTemplateError } from './pack-template.ts';

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
  return {
    handlers: organizationPackHandlers(deps, organizationPacks),
    /** Deploys all packs into an account that joined, or whose recorder started. */
    deployToAccount: (accountId: string, region?: string): void => {
      for (const pack of organizationPacks.values())
        if (region === undefined || region === pack.place.region) deployIfMissing(deps, pack, accountId);
    },
    /** Removes all packs from an account that left. */
    removeFromAccount: (accountId: string): void => {
      for (const pack of organizationPacks.values()) removeFromAccount(deps, pack, accountId);
    },
  };
};

type OrganizationPackMap = Map<string, OrganizationPack>;

const organizationPackHandlers = (
  deps: OrganizationPacksDependencies,
  organizationPacks: OrganizationPackMap,
) => ({
  'config:PutOrganizationConformancePack': async (call: Call) => {
    const pack = await putOrganizationPack(deps, organizationPacks, call);
    return { OrganizationConformancePackArn: pack.arn };
  },
  'config:DescribeOrganizationConformancePacks': async (call: Call) => {
    const { items, nextToken } = requestedPacks(organizationPacks, call);
    return { OrganizationConformancePacks: items.map(details), NextToken: nextToken };
  },
  'config:DescribeOrganizationConformancePackStatuses': async (call: Call) => {
    const { items, nextToken } = requestedPacks(organizationPacks, call);
    return { OrganizationConformancePackStatuses: items.map(aggregate), NextToken: nextToken };
  },
  'config:GetOrganizationConformancePackDetailedStatus': async (call: Call) => {
    const request = parseInput(NameRequest, call.input);
    const pack = getOrThrow(organizationPacks, call, request.OrganizationConformancePackName);
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
    assertManagementAccount(call, deps.masterAccountId);
    const name = parseInput(NameRequest, call.input).OrganizationConformancePackName;
    const pack = getOrThrow(organizationPacks, call, name);
    assertNotInProgress(pack);
    for (const accountId of pack.accounts.keys()) removeFromAccount(deps, pack, accountId);
    organizationPacks.delete(placeKey(call, name));
    deps.tags.forget(pack.arn);
    return {};
  },
});

const putOrganizationPack = async (
  deps: OrganizationPacksDependencies,
  organizationPacks: OrganizationPackMap,
  call: Call,
): Promise<OrganizationPack> => {
  assertManagementAccount(call, deps.masterAccountId);
  const request = parseInput(OrganizationPackRequest, call.input);
  const name = request.OrganizationConformancePackName;
  const old = organizationPacks.get(placeKey(call, name));
  if (old !== undefined) assertNotInProgress(old);
  const template = await validTemplate(deps, call, request);
  const { accountId, region } = call;
  const pack: OrganizationPack = {
    place: { accountId, region },
    name,
    arn: `arn:${partitionOf(region)}:config:${region}:${accountId}:organization-conformance-pack/${name}-${stableId(8, placeKey(call), name)}`,
    request,
    template,
    accounts: old?.accounts ?? new Map<string, AccountStatus>(),
    updatedAt: deps.now(),
  };
  organizationPacks.set(placeKey(call, name), pack);
  deployToOrganization(deps, pack, old === undefined ? 'CREATE' : 'UPDATE');
  return pack;
};

const getOrThrow = (organizationPacks: OrganizationPackMap, call: Call, name: string): OrganizationPack => {
  const pack = organizationPacks.get(placeKey(call, name));
  if (pack !== undefined) return pack;
  throw awsError(
    'NoSuchOrganizationConformancePackException',
    `There is no organization conformance pack '${name}' in ${call.accountId}, ${call.region}.`,
    400,
  );
};

const requestedPacks = (organizationPacks: OrganizationPackMap, call: Call) => {
  const { OrganizationConformancePackNames: names, NextToken: nextToken } = parseInput(
    NamesRequest,
    call.input,
  );
  const packs =
    names?.map((name) => getOrThrow(organizationPacks, call, name)) ??
    [...organizationPacks.values()].filter((pack) => samePlace(pack.place, call));
  return page(packs, { limit: 25, nextToken });
};

/** Reads and validates the template. As in AWS, TemplateS3Uri silently takes precedence over TemplateBody. */
const validTemplate = async (
  { readTemplate }: OrganizationPacksDependencies,
  call: Call,
  request: z.output<typeof OrganizationPackRequest>,
): Promise<string> => {
  const { TemplateS3Uri: s3Uri, TemplateBody: body } = request;
  if (s3Uri === undefined && body === undefined) {
    throw awsError(
      'ValidationException',
      'TemplateBody and TemplateS3Uri are both missing. Give one of them.',
      400,
    );
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

const assertManagementAccount = ({ accountId }: Call, masterAccountId: string): void => {
  if (accountId === masterAccountId) return;
  throw awsError(
    'OrganizationAccessDeniedException',
    `Account ${accountId} is not the management account. Use ${masterAccountId} for organization conformance packs.`,
    400,
  );
};

const assertNotInProgress = ({ name, accounts }: OrganizationPack): void => {
  if (![...accounts.values()].some(({ status }) => status.endsWith('_IN_PROGRESS'))) return;
  throw awsError('ResourceInUseException', `Organization conformance pack '${name}' is being deployed.`, 400);
};
