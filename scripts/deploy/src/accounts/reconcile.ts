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
 * Takes up the accounts that joined the organization and lets go of those that left: in compliance.yaml, then in the
 * members' roles, the settings, the functions' permissions and the document's sharing - in this order, because AWS Config
 * asks for verdicts as soon as it is admitted. No pack and no rule is touched, and nothing is evaluated again. What was
 * done to the end is written down last of all: wherever a run stops, the next one goes on.
 */
export const reconcile = async (context: DeployContext): Promise<void> => {
  const { organization } = context.settings;
  if (organization.id === undefined) {
    context.say('compliance.yaml names no organization.id, so that there is nothing to discover.');
    return;
  }
  const done = await readEnrolledAccounts(context);
  const edit = await compareAccounts(context, done);
  const now = isEmpty(edit) ? context : await updateSettings(context, edit);
  const listed = now.settings.accounts.map(({ id }): string => id);
  const taken = listed.filter((id) => !done.includes(id));
  if (taken.length === 0 && done.every((id) => listed.includes(id))) {
    context.say(`Nothing to do: ${listed.length} accounts, as in ${organization.id}.`);
    return;
  }
  // The settings, which are published half-way, cannot tell it afterwards.
  await writeEnrolledAccounts(now, done);
  await synth(now);
  const [, , regional = []] = masterRoots(now);
  const [global = [], recorders = []] =
    taken.length === 0 ? [] : memberRoots({ ...now, options: { ...now.options, ACCOUNTS: taken } });
  await applyRoots(now, [global]);
  await publishSettings(now);
  await applyRoots(now, [regional, recorders]);
  await writeEnrolledAccounts(now, listed);
};

const isEmpty = ({ added, removed }: AccountEdit) => added.length + removed.length === 0;

/** What compliance.yaml lacks and has too much. @throws {Error} naming what is in neither of the two by intention */
const compareAccounts = async (context: DeployContext, done: readonly string[]): Promise<AccountEdit> => {
  const { accounts, organization } = context.settings;
  const found = await listOrganizationAccounts(context);
  const listed = new Set<string>(accounts.map(({ id }) => id));
  const known = new Map(found.accounts.map((account) => [account.id, account]));
  // Who was there at the last time has left; who was not is a slip of the pen.
  assertInOrganization(
    context,
    found,
    [...listed].filter((id) => !done.includes(id)),
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
        'With organization.joining in it, accounts that join are taken up.',
    );
  const added: ListedAccount[] = [];
  for (const { id, name } of enroll === undefined ? [] : joined)
    added.push({ id, name, groups: enroll?.groups ?? [], ou: await findParent(context, id) });
  return { added, removed };
};

/** @throws {Error} when nobody wants it, or the settings would not be valid any more; then nothing was changed */
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
