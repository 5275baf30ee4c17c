import { applyRoots } from './apply-roots.ts';
import { packStatuses, showStatuses } from './pack-status.ts';
import { accountPackRoots, rolloutRoots } from './roots-of.ts';
import type { Where } from './where.ts';

/**
 * The packs, to the canaries first when there are any, and to everybody once all canaries have them. Running it again
 * goes on where it stopped.
 */
export const rollOut = async (where: Where): Promise<void> => {
  const { settings, options } = where;
  const everybody = settings.accounts.map(({ id }) => id);
  if (settings.organization.id === undefined)
    return applyRoots(where, [rolloutRoots(where, []), accountPackRoots(where)]);
  const canaries = options.CANARY;
  const waves = canaries.length === 0 ? [[]] : [everybody.filter((id) => !canaries.includes(id)), []];
  for (const waiting of waves) {
    const reached = everybody.length - waiting.length;
    where.say(`Rolling out to ${reached} of ${everybody.length} accounts.`);
    await applyRoots(where, [rolloutRoots(where, waiting)]);
    const statuses = await packStatuses(where);
    where.say(showStatuses(statuses));
    const failed = statuses.filter(({ status }) => !status.endsWith('_SUCCESSFUL'));
    if (failed.length > 0)
      throw new Error(
        `${failed.length} packs are not as they should be: see above. Mend it, and run make rollout again.`,
      );
  }
};
