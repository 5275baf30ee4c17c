import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { explain, parseSettings, type Account } from '@compliance/core';
import { publicationDifference, type Publication } from '@compliance/deployment-checks';
import { loadAllRules } from '@compliance/registry';

import { applyPlans, planChanges } from '../terraform/apply-roots.ts';
import { confirm } from '../context/confirm.ts';
import { compareAccounts, editSettings } from './compare-accounts.ts';
import { preparePublication, readOwnPublication, readPublication } from '../functions/publication.ts';
import { readEnrolledAccounts, writeEnrolledAccounts } from './enrolled-accounts.ts';
import { masterRoots, memberRoots } from '../terraform/roots.ts';
import { synth } from '../terraform/synth.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/**
 * Enrolls the accounts that joined the organization, and removes those that left.
 * Shows everything, asks once, and then updates compliance.yaml, the members' roles, the published settings, the
 * functions' permissions and the document's sharing. This order matters, because AWS Config sends events as soon as it
 * is admitted. No pack and no rule changes, and nothing is evaluated again. Only the accounts of the published settings
 * change: other edits of compliance.yaml are named, and stay for `make settings`. The list of enrolled accounts is
 * written last, so that the next run resumes this one.
 */
export const reconcile = async (context: DeployContext): Promise<void> => {
  const { organization } = context.settings;
  if (organization.id === undefined) {
    context.say('compliance.yaml has no organization.id, so there is nothing to discover.');
    return;
  }
  const enrolled = await readEnrolledAccounts(context);
  const edited = await editSettings(context, await compareAccounts(context, enrolled));
  const own = await readOwnPublication({ ...context, settings: edited?.settings ?? context.settings });
  const listed = own.settings.accounts.map(({ id }): string => id);
  const joined = listed.filter((id) => !enrolled.includes(id));
  if (joined.length === 0 && enrolled.every((id) => listed.includes(id))) {
    context.say(`Nothing to do: the ${listed.length} accounts match ${organization.id}.`);
    return;
  }
  const target = await withAccountsOf(own, context);
  const now = await renderTarget(context, target);
  const [, , regional = []] = masterRoots(now);
  const [global = [], recorders = []] =
    joined.length === 0 ? [] : memberRoots({ ...now, options: { ...now.options, ACCOUNTS: joined } });
  const stages = [global, regional, recorders];
  const changed = await planChanges(now, stages);
  const { difference, publish } = await preparePublication(now, ALL_TARGETS, target);
  if (difference !== undefined) context.say(difference);
  await sayOtherEdits(context, target, own);
  await confirm(
    context,
    edited ? `Write the accounts to ${edited.file}, and deploy them?` : 'Deploy these accounts?',
  );
  if (edited) await writeFile(context.settingsPath, edited.text);
  // Written now, because the settings published below no longer show which accounts were enrolled before.
  await writeEnrolledAccounts(now, enrolled);
  await applyPlans(now, [global], changed);
  await publish();
  await applyPlans(now, [regional, recorders], changed);
  await writeEnrolledAccounts(now, listed);
};

/** The next rollout is not needed: AWS Config deploys the packs to an account that joins. */
const ALL_TARGETS = ['deploy-master', 'deploy-member', 'rollout'] as const;

/**
 * What is published now, with the accounts of these settings.
 * @throws {Error} when the accounts do not suit the other published settings
 */
const withAccountsOf = async (own: Publication, context: DeployContext): Promise<Publication> => {
  const published = await readPublication(context);
  if (!published) throw new Error('No settings are published. Run make settings first.');
  const before = new Map<string, Account>(
    published.settings.accounts.map((account) => [account.id, account]),
  );
  const accounts = own.settings.accounts.map((account) => before.get(account.id) ?? account);
  try {
    return { ...published, settings: parseSettings({ ...published.settings, accounts }) };
  } catch (error) {
    throw new Error(
      `The accounts do not suit the published settings: ${explain(error)}. Nothing was changed. ` +
        'Publish the other edits of compliance.yaml first, with make settings.',
      { cause: error },
    );
  }
};

/** Renders the modules of the target instead of those of compliance.yaml. */
const renderTarget = async (context: DeployContext, { settings }: Publication): Promise<DeployContext> => {
  const settingsPath = join(context.roots, '../reconciled.json');
  await mkdir(dirname(settingsPath), { recursive: true });
  await writeFile(settingsPath, JSON.stringify(settings));
  const now = { ...context, settings, settingsPath };
  await synth(now);
  return now;
};

const sayOtherEdits = async (context: DeployContext, target: Publication, own: Publication) => {
  const others = publicationDifference(target, own, await loadAllRules());
  if (others.length === 0) return;
  context.say(
    ['Not published, because only the accounts are reconciled; make settings publishes it:']
      .concat(others.map(({ what }) => `  ${what}`))
      .join('\n'),
  );
};
