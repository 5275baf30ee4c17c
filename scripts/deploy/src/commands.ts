import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { applyRoots, destroyRoots, planRoots } from './terraform/apply-roots.ts';
import { ask } from './context/confirm.ts';
import { bootstrap } from './terraform/bootstrap.ts';
import { codeThatRuns, deployCode, rollBackCode, showCode } from './functions/function-code.ts';
import { organizationAccounts, requireInOrganization } from './accounts/organization-accounts.ts';
import { packStatuses, showStatuses } from './packs/pack-status.ts';
import { publishSettings } from './functions/publish-settings.ts';
import { reconcile } from './accounts/reconcile.ts';
import { rollOut } from './packs/rollout.ts';
import { planAsJson, prepareIfThere, type Root } from './terraform/root.ts';
import { accountPackRoots, masterRoots, memberRoots, rolloutRoots } from './terraform/roots.ts';
import { synth } from './terraform/synth.ts';
import type { Where } from './context/deploy-context.ts';

/** What make can ask for, by the name of its target. */
export const COMMANDS: Readonly<Record<string, (where: Where) => Promise<void>>> = {
  bootstrap,
  synth,
  plan: async (where) => {
    await ready(where);
    const planned = await planRoots(
      where,
      [...masterRoots(where), ...memberRoots(where)].flat().concat(packRoots(where)),
    );
    const folder = join(where.roots, '../plans');
    await rm(folder, { recursive: true, force: true });
    const changed = planned.filter(({ changes }) => changes.length > 0);
    for (const { root } of changed) {
      const path = join(folder, `${root.key}.json`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await planAsJson(where, root));
    }
    where.say(
      changed.length === 0 ? 'Everything is as it should be.' : `The plans as JSON are in ${folder}.`,
    );
  },
  'deploy-master': async (where) => {
    await ready(where);
    await applyRoots(where, masterRoots(where));
    await publishSettings(where);
  },
  'deploy-member': async (where) => {
    await ready(where);
    await applyRoots(where, memberRoots(where));
  },
  rollout: async (where) => {
    await synth(where);
    await rollOut(where);
  },
  reconcile,
  settings: publishSettings,
  'deploy-app': deployCode,
  'rollback-app': rollBackCode,
  status: async (where) => {
    if (where.options.JSON) {
      where.say(
        JSON.stringify({ functions: await codeThatRuns(where), packs: await packStatuses(where) }, null, 2),
      );
      return;
    }
    where.say(showCode(await codeThatRuns(where)));
    where.say(showStatuses(await packStatuses(where)));
  },
  destroy: async (where) => {
    await synth(where);
    const keepsData = where.options.KEEP_DATA === 'yes';
    const [global = [], home = [], regional = []] = masterRoots(where);
    await ask(
      where,
      `Take everything away${keepsData ? ' but settings, ledger and state' : ', the ledger as well'}?`,
    );
    if (!keepsData) await letGo(where);
    await destroyRoots(where, [packRoots(where), ...memberRoots(where).toReversed(), regional]);
    if (keepsData)
      where.say('Settings, ledger and state stay, with the roles: KEEP_DATA=no takes them away as well.');
    else await destroyRoots(where, [home, global]);
  },
};

/** Renders the modules, and names an account that the organization does not have before anything is changed. */
const ready = async (where: Where) => {
  await synth(where);
  if (where.settings.organization.id !== undefined)
    requireInOrganization(where, await organizationAccounts(where));
};

const packRoots = (where: Where) => [
  ...rolloutRoots(where, () => []),
  ...(where.settings.organization.id === undefined ? accountPackRoots(where) : []),
];

/** What refuses to be deleted must first be told that it may, if it is there. */
const letGo = async (where: Where) => {
  const [, home = []] = masterRoots(where);
  const [, recorders = []] = memberRoots(where);
  const there: Root[] = [];
  for (const root of [...home, ...recorders]) {
    if (await prepareIfThere(where, root)) there.push(root);
  }
  await applyRoots({ ...where, options: { ...where.options, YES: true } }, [there]);
};
