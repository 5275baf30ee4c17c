import {
  ConfigServiceClient,
  DescribeOrganizationConformancePacksCommand,
  PutConformancePackCommand,
  PutOrganizationConformancePackCommand,
} from '@aws-sdk/client-config-service';
import * as z from 'zod';

import { confirm } from '../context/confirm.ts';
import type { PackStatus } from './pack-status.ts';
import { assertSuccess, runInRoot, type Root } from '../terraform/root.ts';
import type { DeployContext } from '../context/deploy-context.ts';

const Packs = z.record(z.string(), z.string());

/** Deploys unchanged packs again, because they failed in some account. @param root uploads their templates */
export const redeployPacks = async (
  context: DeployContext,
  root: Root,
  failed: readonly PackStatus[],
): Promise<void> => {
  const names = [...new Set(failed.map(({ pack }) => pack))];
  if (names.length === 0) return;
  const end = await runInRoot(context, root, ['output', '-json', 'packs']);
  assertSuccess(root, 'output', end);
  const templates = Packs.parse(JSON.parse(end.output));
  await confirm(context, `Deploy ${names.join(', ')} in ${root.region} again, because of the failures?`);
  for (const name of names) context.say(`Redeploying ${name} in ${root.region}: it had failed.`);
  if (context.settings.organization.id === undefined) await redeployToAccounts(context, failed, templates);
  else await redeployToOrganization(await context.client(ConfigServiceClient, root), names, templates);
};

type Templates = z.infer<typeof Packs>;

const redeployToOrganization = async (
  config: ConfigServiceClient,
  names: readonly string[],
  templates: Templates,
) => {
  const { OrganizationConformancePacks: packs = [] } = await config.send(
    new DescribeOrganizationConformancePacksCommand({ OrganizationConformancePackNames: [...names] }),
  );
  for (const { OrganizationConformancePackName: name = '', ExcludedAccounts } of packs)
    await config.send(
      new PutOrganizationConformancePackCommand({
        OrganizationConformancePackName: name,
        TemplateS3Uri: templates[name],
        ExcludedAccounts,
      }),
    );
};

const redeployToAccounts = async (
  context: DeployContext,
  failed: readonly PackStatus[],
  templates: Templates,
) => {
  for (const { pack, accountId, region } of failed) {
    const config = await context.client(ConfigServiceClient, { accountId, region });
    await config.send(
      new PutConformancePackCommand({ ConformancePackName: pack, TemplateS3Uri: templates[pack] }),
    );
  }
};
