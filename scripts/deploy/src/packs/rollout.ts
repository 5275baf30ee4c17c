import { applyRoots } from '../terraform/apply-roots.ts';
import { listOrganizationAccounts, assertInOrganization } from '../accounts/organization-accounts.ts';
import { isFailed, isDeployed, readPackStatuses, formatStatuses, type PackStatus } from './pack-status.ts';
import { redeployPacks } from './redeploy-packs.ts';
import { TerraformFailure, type Root } from '../terraform/root.ts';
import { accountPackRoots, rolloutRoots } from '../terraform/roots.ts';
import { isUndecided, isUnderWay, waitForPacks } from './wait-for-packs.ts';
import { planWaves } from './waves.ts';
import { selectedAccounts, type DeployContext } from '../context/deploy-context.ts';

/** Without an organization: deploys the packs to each account on its own, all at once. */
const rollOutToAccounts = async (context: DeployContext): Promise<void> => {
  const accounts = selectedAccounts(context);
  const templates = rolloutRoots(context, () => []);
  // An interrupted rollout may still be in progress.
  await waitForPacks(context, accounts, isUnderWay);
  const applied = await applyPacks(context, [templates, accountPackRoots(context)], templates);
  await awaitPacks(context, accounts, applied);
};

/** The limit of PutOrganizationConformancePack. */
const MOST_EXCLUDED = 1000;

/**
 * Deploys the packs wave after wave, to the canaries first. A wave starts when all accounts before have their packs.
 * The progress is read from AWS, so that running the command again resumes it.
 * @throws {Error} after the first wave in which an account failed, with a table of the failures
 */
export const rollOut = async (context: DeployContext): Promise<void> => {
  const { settings, options, say } = context;
  if (settings.organization.id === undefined) return rollOutToAccounts(context);
  if (options.ACCOUNTS.length > 0)
    throw new Error(
      'ACCOUNTS does not limit the packs of an organization. Name the first accounts with CANARY. Nothing was changed.',
    );
  const listed = settings.accounts.map(({ id }): string => id);
  const organization = await listOrganizationAccounts(context);
  assertInOrganization(context, organization);
  // An interrupted rollout may still be in progress.
  const before = await waitForPacks(context, listed, isUnderWay);
  const reached = new Set(
    listed.filter((id) =>
      before.every(({ accountId, status }) => accountId !== id || status !== 'NOT_STARTED'),
    ),
  );
  const waves = planWaves({
    listed,
    canaries: options.CANARY,
    size: options.WAVE,
    reached,
    healthy: before.every((status) => isDeployed(status) || !reached.has(status.accountId)),
  });
  const unlisted = organization.accounts.filter(({ id }) => !listed.includes(id)).length;
  assertExcludable(unlisted, listed.length - reached.size - (waves[0]?.length ?? 0));
  for (const [index, wave] of waves.entries()) {
    for (const id of wave) reached.add(id);
    say(
      `Wave ${index + 1} of ${waves.length}: ${wave.length === 0 ? 'no new accounts' : list(wave)}. ` +
        `Waiting for AWS Config at most ${options.WAIT_MINUTES} minutes.`,
    );
    await rollOutWave(context, { reached: [...reached], before });
  }
};

interface Wave {
  /** The accounts of this wave and the waves before. */
  readonly reached: readonly string[];
  /** The statuses before the rollout. */
  readonly before: readonly PackStatus[];
}

const rollOutWave = async (context: DeployContext, { reached, before }: Wave): Promise<void> => {
  // AWS Config removes packs and verdicts from an excluded account, so an account that has a pack is not excluded.
  const has = (accountId: string, region: string) =>
    before.some(
      (status) =>
        status.accountId === accountId && status.region === region && status.status !== 'NOT_STARTED',
    );
  const waiting = (region: string) =>
    context.settings.accounts.map(({ id }) => id).filter((id) => !reached.includes(id) && !has(id, region));
  const templates = rolloutRoots(context, waiting);
  await awaitPacks(context, reached, await applyPacks(context, [templates], templates));
};

/** Waits until AWS Config has deployed the packs. @throws {Error} with a table of the failures */
const awaitPacks = async (
  context: DeployContext,
  accounts: readonly string[],
  { unnoticed, again }: Applied,
): Promise<void> => {
  const statuses = await waitForPacks(context, accounts, isUndecided(again));
  context.say(formatStatuses(statuses));
  const bad = statuses.filter((status) => !isDeployed(status));
  if (bad.length > 0)
    throw new Error(failureTable(context, bad), unnoticed === undefined ? {} : { cause: unnoticed });
  if (unnoticed !== undefined) context.say('Terraform timed out, but all accounts have their packs.');
};

interface Applied {
  /** Terraform's provider gave up while it waited for AWS Config. Only the status of each account counts. */
  readonly unnoticed: TerraformFailure | undefined;
  /** The failed packs that were deployed again. */
  readonly again: readonly PackStatus[];
}

/** @param templates the roots that upload the templates, one per Region */
const applyPacks = async (
  context: DeployContext,
  stages: readonly (readonly Root[])[],
  templates: readonly Root[],
): Promise<Applied> => {
  const { changed, tolerated } = await applyRoots(context, stages, ({ message }) =>
    PROVIDER_WAITED.test(message),
  );
  // Terraform does not change a failed pack whose configuration is up to date, so it is deployed again here.
  const isUnchanged = ({ accountId, region }: PackStatus) =>
    !changed.some(
      (root) => root.region === region && (templates.includes(root) || root.accountId === accountId),
    );
  const failed = (await readPackStatuses(context)).filter(isFailed);
  const again = failed.filter(isUnchanged);
  for (const root of templates)
    await redeployPacks(
      context,
      root,
      again.filter(({ region }) => region === root.region),
    );
  return { unnoticed: tolerated[0], again };
};

/** The provider waits five minutes for the pack of an account, ten for an organization's. */
const PROVIDER_WAITED = /waiting for ConfigService (Organization )?Conformance Pack/;

const assertExcludable = (unlisted: number, waiting: number): void => {
  if (unlisted + waiting <= MOST_EXCLUDED) return;
  throw new Error(
    `The first wave excludes too many accounts: ${unlisted + waiting}; AWS Config's limit is ${MOST_EXCLUDED}. ` +
      `compliance.yaml does not list ${unlisted} of them, and ${waiting} are in later waves. ` +
      'List more accounts, or make the first wave larger (CANARY, WAVE). Nothing was changed.',
  );
};

const failureTable = (context: DeployContext, bad: readonly PackStatus[]): string => {
  const names = new Map(context.settings.accounts.map(({ id, name }) => [id as string, name]));
  const rows = bad.map((status) => ({
    ...status,
    accountId: `${status.accountId} (${names.get(status.accountId) ?? '?'})`,
    reason: isFailed(status) ? status.reason : `not done after ${context.options.WAIT_MINUTES} minutes`,
  }));
  const accounts = new Set(bad.map(({ accountId }) => accountId)).size;
  return `The rollout stops here: ${accounts} account(s) do not have their packs.\n${formatStatuses(rows)}\nFix the error and run make rollout again; it resumes here.`;
};

const list = (ids: readonly string[]): string =>
  ids.length <= 5 ? ids.join(', ') : `${ids.length} accounts, ${ids[0]} to ${ids.at(-1)}`;
