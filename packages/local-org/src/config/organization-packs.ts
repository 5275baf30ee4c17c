import * as z from 'zod';

import { stableId } from '../base/stable-id.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { toJsonTime } from '../base/json-time.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import { partitionOf, type Place, placeKey, samePlace } from '../base/place.ts';
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

  const handlers = {
    'config:PutOrganizationConformancePack': async (call: Call) => {
      assertManagementAccount(call, deps.masterAccountId);
      const request = parseInput(OrganizationPackRequest, call.input);
      const name = request.OrganizationConformancePackName;
      const old = organizationPacks.get(keyOf(call, name));
      if (old !== undefined) assertNotInProgress(old);
      const template = await checkedTemplate(deps, call, request);
      const { accountId, region } = call;
      const arn = `arn:${partitionOf(region)}:config:${region}:${accountId}:organization-conformance-pack/${name}-${stableId(8, placeKey(call), name)}`;
      const pack: OrganizationPack = {
        place: { accountId, region },
        name,
        arn,
        request,
        template,
        accounts: old?.accounts ?? new Map<string, AccountStatus>(),
        updatedAt: deps.now(),
      };
      organizationPacks.set(keyOf(call, name), pack);
      deployToOrganization(deps, pack, old === undefined ? 'CREATE' : 'UPDATE');
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
      assertManagementAccount(call, deps.masterAccountId);
      const pack = need(call, parseInput(NameRequest, call.input).OrganizationConformancePackName);
      assertNotInProgress(pack);
      for (const accountId of pack.accounts.keys()) removeFromAccount(deps, pack, accountId);
      organizationPacks.delete(keyOf(call, pack.name));
      deps.tags.forget(pack.arn);
      return {};
    },
  };
  return {
    handlers,
    /** An account joined, or its recorder started. */
    offer: (accountId: string, region?: string): void => {
      for (const pack of organizationPacks.values())
        if (region === undefined || region === pack.place.region) deployIfMissing(deps, pack, accountId);
    },
    /** An account left: AWS Config takes its packs away. */
    withdraw: (accountId: string): void => {
      for (const pack of organizationPacks.values()) removeFromAccount(deps, pack, accountId);
    },
  };
};

/** The template, which must be valid before anything is deployed. S3 silently wins over a body, as in AWS. */
const checkedTemplate = async (
  { readTemplate }: OrganizationPacksDependencies,
  call: Call,
  request: z.output<typeof OrganizationPackRequest>,
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

const assertManagementAccount = ({ accountId }: Call, masterAccountId: string): void => {
  if (accountId === masterAccountId) return;
  throw awsError(
    'OrganizationAccessDeniedException',
    `Only the management account may do this, not ${accountId}.`,
    400,
  );
};

const assertNotInProgress = ({ name, accounts }: OrganizationPack): void => {
  if (![...accounts.values()].some(({ status }) => status.endsWith('_IN_PROGRESS'))) return;
  throw awsError('ResourceInUseException', `Organization conformance pack '${name}' is being deployed.`, 400);
};
