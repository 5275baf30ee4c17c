import { applyRoots } from '../terraform/apply-roots.ts';
import { organizationAccounts, requireInOrganization } from '../accounts/organization-accounts.ts';
import { isFailed, isThere, packStatuses, showStatuses, type PackStatus } from './pack-status.ts';
import { putAgain } from './redeploy-pack.ts';
import { TerraformFailure, type Root } from '../terraform/root.ts';
import { accountPackRoots, rolloutRoots } from '../terraform/roots.ts';
import { isUndecided, isUnderWay, settlePacks } from './wait-for-packs.ts';
import { wavesOf } from './waves.ts';
import type { Where } from '../context/deploy-context.ts';

/** What PutOrganizationConformancePack takes. */
const MOST_EXCLUDED = 1000;

/**
 * The packs, wave after wave: to the canaries first when there are any, and to the next accounts once all before have
 * them. What is done already is read from AWS, so that running it again goes on where it stopped.
 * @throws {Error} after the first wave in which an account failed, with a table of them
 */
export const rollOut = async (where: Where): Promise<void> => {
  const { settings, options, say } = where;
  if (settings.organization.id === undefined) {
    await applyRoots(where, [rolloutRoots(where, () => []), accountPackRoots(where)]);
    return;
  }
  const listed = settings.accounts.map(({ id }): string => id);
  const organization = await organizationAccounts(where);
  requireInOrganization(where, organization);
  // Of a rollout that was interrupted.
  const before = await settlePacks(where, listed, isUnderWay);
  const reached = new Set(
    listed.filter((id) =>
      before.every(({ accountId, status }) => accountId !== id || status !== 'NOT_STARTED'),
    ),
  );
  const waves = wavesOf({
    listed,
    canaries: options.CANARY,
    size: options.WAVE,
    reached,
    settled: before.every((status) => isThere(status) || !reached.has(status.accountId)),
  });
  const unlisted = organization.accounts.filter(({ id }) => !listed.includes(id)).length;
  requireExcludable(unlisted, listed.length - reached.size - (waves[0]?.length ?? 0));
  for (const [index, wave] of waves.entries()) {
    for (const id of wave) reached.add(id);
    say(
      `Wave ${index + 1} of ${waves.length}: ${wave.length === 0 ? 'no new accounts' : list(wave)}. ` +
        `Waiting for AWS Config at most ${options.WAIT_MINUTES} minutes.`,
    );
    await rollOutWave(where, { reached: [...reached], before });
  }
};

interface Wave {
  /** Those whose turn has come, in this wave or before. */
  readonly reached: readonly string[];
  /** What was there before the rollout. */
  readonly before: readonly PackStatus[];
}

const rollOutWave = async (where: Where, { reached, before }: Wave): Promise<void> => {
  // AWS Config takes the packs, and their verdicts, from an account that is excluded: who has one keeps it.
  const has = (accountId: string, region: string) =>
    before.some(
      (status) =>
        status.accountId === accountId && status.region === region && status.status !== 'NOT_STARTED',
    );
  const waiting = (region: string) =>
    where.settings.accounts.map(({ id }) => id).filter((id) => !reached.includes(id) && !has(id, region));
  const { unnoticed, again } = await applyPacks(where, rolloutRoots(where, waiting));
  const statuses = await settlePacks(where, reached, isUndecided(again));
  where.say(showStatuses(statuses));
  const bad = statuses.filter((status) => !isThere(status));
  if (bad.length > 0)
    throw new Error(failureTable(where, bad), unnoticed === undefined ? {} : { cause: unnoticed });
  if (unnoticed !== undefined)
    where.say("Terraform's provider waited in vain, and yet every account has its packs.");
};

interface Applied {
  /**
   * Terraform's provider did not see the end of what AWS Config had accepted. Its word on that counts for nothing, the
   * status of each account does.
   */
  readonly unnoticed?: TerraformFailure;
  /** What had failed and is being tried once more. */
  readonly again: readonly PackStatus[];
}

const applyPacks = async (where: Where, roots: readonly Root[]): Promise<Applied> => {
  try {
    const changed = await applyRoots(where, [roots]);
    // What is as Terraform wants it, and failed nevertheless, would stay so: AWS Config must be asked once more.
    const unchanged = roots.filter((root) => !changed.includes(root)).map(({ region }) => region);
    const failed = (await packStatuses(where)).filter(isFailed);
    const again = failed.filter(({ region }) => unchanged.includes(region));
    for (const root of roots)
      await putAgain(
        where,
        root,
        again.filter(({ region }) => region === root.region),
      );
    return { again };
  } catch (error) {
    if (error instanceof TerraformFailure && PROVIDER_WAITED.test(error.message))
      return { unnoticed: error, again: [] };
    throw error;
  }
};

const PROVIDER_WAITED = /waiting for ConfigService Organization Conformance Pack/;

const requireExcludable = (unlisted: number, waiting: number): void => {
  if (unlisted + waiting <= MOST_EXCLUDED) return;
  throw new Error(
    `AWS Config leaves out ${MOST_EXCLUDED} accounts at most, and the first wave would leave out ${unlisted + waiting}: ` +
      `${unlisted} of the organization that compliance.yaml does not list, and ${waiting} whose turn comes later. ` +
      'List more accounts, or make the first wave larger (CANARY, WAVE). Nothing was changed.',
  );
};

const failureTable = (where: Where, bad: readonly PackStatus[]): string => {
  const names = new Map(where.settings.accounts.map(({ id, name }) => [id as string, name]));
  const rows = bad.map((status) => ({
    ...status,
    accountId: `${status.accountId} (${names.get(status.accountId) ?? '?'})`,
    reason: isFailed(status) ? status.reason : `not done after ${where.options.WAIT_MINUTES} minutes`,
  }));
  const accounts = new Set(bad.map(({ accountId }) => accountId)).size;
  return `The rollout stops here: ${accounts} account(s) do not have their packs.\n${showStatuses(rows)}\nMend it, and run make rollout again: it goes on from here.`;
};

const list = (ids: readonly string[]): string =>
  ids.length <= 5 ? ids.join(', ') : `${ids.length} accounts, ${ids[0]} to ${ids.at(-1)}`;
