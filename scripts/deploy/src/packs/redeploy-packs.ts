import {
  ConfigServiceClient,
  DescribeOrganizationConformancePacksCommand,
  PutOrganizationConformancePackCommand,
} from '@aws-sdk/client-config-service';
import * as z from 'zod';

import { confirm } from '../context/confirm.ts';
import type { RegionalPack } from './pack-status.ts';
import { assertSuccess, runInRoot, type Root } from '../terraform/root.ts';
import type { DeployContext } from '../context/deploy-context.ts';

const Packs = z.record(z.string(), z.string());

/** Deploys unchanged packs to the organization again, because they failed in some account. */
export const redeployPacks = async (
  context: DeployContext,
  root: Root,
  failed: readonly RegionalPack[],
): Promise<void> => {
  const names = [...new Set(failed.map(({ pack }) => pack))];
  if (names.length === 0) return;
  const end = await runInRoot(context, root, ['output', '-json', 'packs']);
  assertSuccess(root, 'output', end);
  const templates = Packs.parse(JSON.parse(end.output));
  const config = await context.client(ConfigServiceClient, root);
  const { OrganizationConformancePacks: packs = [] } = await config.send(
    new DescribeOrganizationConformancePacksCommand({ OrganizationConformancePackNames: names }),
  );
  await confirm(context, `Deploy ${names.join(', ')} in ${root.region} again, because of the failures?`);
  for (const { OrganizationConformancePackName: name = '', ExcludedAccounts } of packs) {
    context.say(`Redeploying ${name} in ${root.region}: it had failed.`);
    await config.send(
      new PutOrganizationConformancePackCommand({
        OrganizationConformancePackName: name,
        TemplateS3Uri: templates[name],
        ExcludedAccounts,
      }),
    );
  }
};
