import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';

import { parseSettings, type Settings } from '@compliance/core';
import { parse } from 'yaml';

import { editAccounts, type AccountEdit, type ListedAccount } from './edit-accounts.ts';
import { listOrganizationAccounts, findUnit, assertInOrganization } from './organization-accounts.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/** Compares compliance.yaml with the organization. @throws {Error} naming listed accounts that were never in it */
export const compareAccounts = async (
  context: DeployContext,
  enrolled: readonly string[],
): Promise<AccountEdit> => {
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
    added.push({ id, name, groups: enroll?.groups ?? [], ou: await findUnit(context, id) });
  return { added, removed };
};

/** compliance.yaml after an edit, not yet written. */
export interface EditedSettings {
  readonly text: string;
  readonly settings: Settings;
  /** The path, for messages. */
  readonly file: string;
}

/** Edits the accounts of compliance.yaml, and shows the edit if there is one. @throws {Error} if the result is invalid */
export const editSettings = async (
  context: DeployContext,
  edit: AccountEdit,
): Promise<EditedSettings | undefined> => {
  if (edit.added.length + edit.removed.length === 0) return undefined;
  const { settingsPath, settings, say } = context;
  const text = editAccounts(await readFile(settingsPath, 'utf8'), edit);
  const edited = parseSettings(parse(text));
  const named = new Map<string, string>(settings.accounts.map(({ id, name }) => [id, name]));
  say(
    [
      ...edit.removed.map((id) => `- ${id}  ${named.get(id)}: left the organization, or is suspended`),
      ...edit.added.map(
        ({ id, name, groups = [], ou }) => `+ ${id}  ${name}: groups [${groups.join(', ')}], in ${ou}`,
      ),
    ].join('\n'),
  );
  return { text, settings: edited, file: relative(process.cwd(), settingsPath) };
};
