import { readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';

import { parseSettings } from '@compliance/core';
import { parse } from 'yaml';

import { applyRoots } from '../terraform/apply-roots.ts';
import { confirm } from '../context/confirm.ts';
import { editAccounts, type AccountEdit, type ListedAccount } from './edit-accounts.ts';
import { listOrganizationAccounts, findParent, assertInOrganization } from './organization-accounts.ts';
import { publishSettings } from '../functions/publish-settings.ts';
import { readEnrolledAccounts, writeEnrolledAccounts } from './enrolled-accounts.ts';
import { masterRoots, memberRoots } from '../terraform/roots.ts';
import { synth } from '../terraform/synth.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/**
 * Enrolls the accounts that joined the organization, and removes those that left.
 * Updates compliance.yaml, then the members' roles, the settings, the functions' permissions and the document's sharing.
 * This order matters, because AWS Config sends events as soon as it is admitted. No pack and no rule changes, and
 * nothing is evaluated again. The list of enrolled accounts is written last, so that the next run resumes this one.
 */
export const reconcile = async (context: DeployContext): Promise<void> => {
  const { organization } = context.settings;
  if (organization.id === undefined) {
    context.say('compliance.yaml has no organization.id, so there is nothing to discover.');
    return;
  }
  const enrolled = await readEnrolledAccounts(context);
  const edit = await compareAccounts(context, enrolled);
  const now = isEmpty(edit) ? context : await updateSettings(context, edit);
  const listed = now.settings.accounts.map(({ id }): string => id);
  const joined = listed.filter((id) => !enrolled.includes(id));
  if (joined.length === 0 && enrolled.every((id) => listed.includes(id))) {
    context.say(`Nothing to do: the ${listed.length} accounts match ${organization.id}.`);
    return;
  }
  // Written now, because the settings published below no longer show which accounts were enrolled before.
  await writeEnrolledAccounts(now, enrolled);
  await synth(now);
  const [, , regional = []] = masterRoots(now);
  const [global = [], recorders = []] =
    joined.length === 0 ? [] : memberRoots({ ...now, options: { ...now.options, ACCOUNTS: joined } });
  await applyRoots(now, [global]);
  await publishSettings(now);
  await applyRoots(now, [regional, recorders]);
  await writeEnrolledAccounts(now, listed);
};

const isEmpty = ({ added, removed }: AccountEdit) => added.length + removed.length === 0;

/** Compares compliance.yaml with the organization. @throws {Error} naming listed accounts that were never in it */
const compareAccounts = async (context: DeployContext, enrolled: readonly string[]): Promise<AccountEdit> => {
  const { accounts, organization } = context.settings;
  const found = await listOrganizationAccounts(context);
  const listed = new Set<string>(accounts.map(({ id }) => id));
  const known = new Map(found.accounts.map((account) => [account.id, account]));
  // A missing account that was enrolled has left; one that was never enrolled is probably a typo.
  assertInOrganization(
    context,
    found,
    [...listed].filter((id) => !enrolled.includes(id)),
  );
  const removed = [...listed].filter((id) => known.get(id)?.active !== true);
  const { enroll } = organization;
  const except = new Set<string>([
    ...(enroll?.exclude ?? []),
    organization.masterAccountId,
    found.managementAccountId,
  ]);
  const joined = found.accounts.filter(({ id, active }) => active && !listed.has(id) && !except.has(id));
  if (enroll === undefined && joined.length > 0)
    context.say(
      `Not in compliance.yaml: ${joined.map(({ id, name }) => `${id} (${name})`).join(', ')}. ` +
        'Set organization.enroll to enroll accounts that join.',
    );
  const added: ListedAccount[] = [];
  for (const { id, name } of enroll === undefined ? [] : joined)
    added.push({ id, name, groups: enroll?.groups ?? [], ou: await findParent(context, id) });
  return { added, removed };
};

/** Writes the edit to compliance.yaml. @throws {Error} before any change if declined, or if the result is invalid */
const updateSettings = async (context: DeployContext, edit: AccountEdit): Promise<DeployContext> => {
  const { settingsPath, settings, say } = context;
  const text = editAccounts(await readFile(settingsPath, 'utf8'), edit);
  const now = { ...context, settings: parseSettings(parse(text)) };
  const file = relative(process.cwd(), settingsPath);
  const named = new Map<string, string>(settings.accounts.map(({ id, name }) => [id, name]));
  say(
    [
      ...edit.removed.map((id) => `- ${id}  ${named.get(id)}: left the organization, or is suspended`),
      ...edit.added.map(
        ({ id, name, groups = [], ou }) => `+ ${id}  ${name}: groups [${groups.join(', ')}], in ${ou}`,
      ),
    ].join('\n'),
  );
  await confirm(context, `Write this to ${file}, and deploy it?`);
  await writeFile(settingsPath, text);
  return now;
};
