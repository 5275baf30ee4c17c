import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { explain } from '@compliance/core';
import { asSentence, findPlaceholders } from '@compliance/infra';

import { applyRoots, destroyRoots, planRoots } from './terraform/apply-roots.ts';
import { confirm } from './context/confirm.ts';
import { bootstrap } from './terraform/bootstrap.ts';
import { readRunningCode, deployCode, rollBackCode, formatCode } from './functions/function-code.ts';
import { listOrganizationAccounts, assertInOrganization } from './accounts/organization-accounts.ts';
import { readPackStatuses, formatStatuses } from './packs/pack-status.ts';
import { deployMaster } from './functions/deploy-master.ts';
import { readPublication } from './functions/publication.ts';
import { publishSettings } from './functions/publish-settings.ts';
import { redrive } from './functions/redrive.ts';
import { reconcile } from './accounts/reconcile.ts';
import { rollOut } from './packs/rollout.ts';
import { keepLocked } from './terraform/keep-locked.ts';
import { readPlanAsJson, prepareIfDeployed, type Root } from './terraform/root.ts';
import { accountPackRoots, masterRoots, memberRoots, rolloutRoots } from './terraform/roots.ts';
import { synth } from './terraform/synth.ts';
import type { DeployContext } from './context/deploy-context.ts';

/** The commands by the names of their make targets. */
export const COMMANDS: Readonly<Record<string, (context: DeployContext) => Promise<void>>> = {
  bootstrap,
  synth: (context) => synth(context, { sizes: true }),
  plan: async (context) => {
    await synthAndCheck(context);
    const planned = await planRoots(
      context,
      [...masterRoots(context), ...memberRoots(context)].flat().concat(packRoots(context)),
    );
    const folder = join(context.roots, '../plans');
    await rm(folder, { recursive: true, force: true });
    // Also the plans without changes: without them, a review could not tell what stays from what is missing.
    for (const { root } of planned) {
      const path = join(folder, `${root.key}.json`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await readPlanAsJson(context, root));
    }
    await keepPublication(context);
    context.say(
      `${planned.some(({ changes }) => changes.length > 0) ? '' : 'Nothing to change. '}The plans are in ${folder}, as JSON.`,
    );
  },
  'deploy-master': async (context) => {
    await synthAndCheck(context);
    await deployMaster(context);
  },
  'deploy-member': async (context) => {
    await synthAndCheck(context);
    await applyRoots(context, memberRoots(context));
  },
  rollout: async (context) => {
    await synth(context);
    await rollOut(context);
  },
  reconcile,
  settings: publishSettings,
  redrive,
  'deploy-app': deployCode,
  'rollback-app': rollBackCode,
  status: async (context) => {
    if (context.options.JSON) {
      context.say(
        JSON.stringify(
          { functions: await readRunningCode(context), packs: await readPackStatuses(context) },
          null,
          2,
        ),
      );
      return;
    }
    context.say(formatCode(await readRunningCode(context)));
    context.say(formatStatuses(await readPackStatuses(context)));
  },
  destroy: async (context) => {
    const { ACCOUNTS, REGIONS } = context.options;
    if (ACCOUNTS.length + REGIONS.length > 0)
      throw new Error(
        'destroy removes everything: it takes no ACCOUNTS and no REGIONS. Nothing was changed.',
      );
    await synth(context);
    const keepsData = context.options.KEEP_DATA === 'yes';
    const [global = [], home = [], regional = [], chosen = []] = masterRoots(context);
    await confirm(
      context,
      `Destroy everything${keepsData ? ' except settings, ledger and state' : ', including the ledger'}?`,
    );
    if (!keepsData) await disableDeletionProtection(context);
    await destroyRoots(context, [packRoots(context), ...memberRoots(context).toReversed(), chosen, regional]);
    if (keepsData)
      context.say(
        'Settings, ledger, state and the execution roles stay. KEEP_DATA=no destroys them as well.',
      );
    else {
      for (const root of home) await keepLocked(context, root);
      await destroyRoots(context, [home, global]);
    }
  },
};

/** Renders the modules, and fails before any change if the settings are not of an organization, or it lacks an account of them. */
const synthAndCheck = async (context: DeployContext) => {
  const placeholders = findPlaceholders(context.settings);
  if (placeholders.length > 0) throw new Error(placeholders.map(asSentence).join('\n'));
  await synth(context);
  if (context.settings.organization.id !== undefined)
    assertInOrganization(context, await listOrganizationAccounts(context));
};

/** Writes what is published now beside the plans, so that a review can compare. */
const keepPublication = async (context: DeployContext) => {
  const folder = join(context.roots, '../published');
  await rm(folder, { recursive: true, force: true });
  const published = await readPublication(context).catch((error: unknown) => {
    // Who plans may not be allowed to read it; a review then compares with a commit.
    context.say(`What is published could not be read, so make review needs BASE: ${explain(error)}`);
    return undefined;
  });
  if (!published) return;
  await mkdir(folder, { recursive: true });
  // JSON is YAML.
  await writeFile(join(folder, 'compliance.yaml'), JSON.stringify(published.settings));
  await writeFile(join(folder, 'exemptions.yaml'), JSON.stringify({ exemptions: published.exemptions }));
};

const packRoots = (context: DeployContext) => [
  ...rolloutRoots(context, () => []),
  ...(context.settings.organization.id === undefined ? accountPackRoots(context) : []),
];

/** Applies KEEP_DATA=no to what is deployed: resources that are protected from deletion must be unprotected first. */
const disableDeletionProtection = async (context: DeployContext) => {
  const [, home = []] = masterRoots(context);
  const [, recorders = []] = memberRoots(context);
  const there: Root[] = [];
  for (const root of [...home, ...recorders]) {
    if (await prepareIfDeployed(context, root)) there.push(root);
  }
  await applyRoots({ ...context, options: { ...context.options, YES: true } }, [there]);
};
