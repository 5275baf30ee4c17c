import {
  AccountId,
  defined,
  isGlobMatch,
  isInOu,
  type Account,
  type Session,
  type Settings,
} from '@compliance/core/scan';

import { readText } from '../input/read-text.ts';
import { UsageError } from '../output/exit-codes.ts';
import { findAccount } from './account-settings.ts';
import { listOrganization, type OrganizationAccount } from './organization-accounts.ts';

/** An account to scan. */
export interface Target {
  readonly account: Account;
  /** A suspended account has no role that lets anybody in. */
  readonly active: boolean;
}

export interface TargetOptions {
  /** `aws`: AWS Organizations; `settings`: compliance.yaml; otherwise a file with an account id in each line. */
  readonly from: string;
  readonly ous: readonly string[];
  /** Ids or names, `*` as in exemptions. */
  readonly accounts: readonly string[];
  readonly exclude: readonly string[];
}

export interface FoundTargets {
  readonly targets: readonly Target[];
  readonly managementAccountId: string | undefined;
  readonly unitsFailure?: string | undefined;
}

/** Finds the accounts to scan. @throws {UsageError} when the options select none, or name what is not there */
export const findTargets = async (
  session: Session,
  settings: Settings | undefined,
  { from, ...selection }: TargetOptions,
): Promise<FoundTargets> => {
  const { accounts, ...found } = await listAccounts(session, settings, from);
  const named = accounts.map((account) => ({ ...account, known: findAccount(settings, account.id) }));
  const selected = selectAccounts(named, selection);
  return {
    ...found,
    targets: selected.map(({ id, name, unit, active, known }) => ({
      active,
      // Settings know the groups, and the names that people chose.
      account: {
        ...known,
        name: known.name === id ? name : known.name,
        ...defined({ ou: known.ou ?? unit }),
      },
    })),
  };
};

const listAccounts = async (session: Session, settings: Settings | undefined, from: string) => {
  if (from === 'aws') return listOrganization(session);
  const organization = settings?.organization;
  const managementAccountId = organization?.managementAccountId ?? organization?.masterAccountId;
  if (from !== 'settings') return { managementAccountId, accounts: await accountsInFile(from) };
  if (!settings)
    throw new UsageError('There are no settings with accounts. Use --settings to name the file.');
  const accounts = settings.accounts.map(({ id, name, ou }): OrganizationAccount => ({
    id,
    name,
    unitIds: [],
    active: true,
    ...defined({ unit: ou }),
  }));
  return { managementAccountId, accounts };
};

/** `111122223333 payments`: an id and, behind white space or a comma, a name. */
const accountsInFile = async (file: string): Promise<readonly OrganizationAccount[]> => {
  const lines = (await readText(file))
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const accounts = lines
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }): OrganizationAccount => {
      const [idText, ...name] = line.split(/[\s,]+/);
      const id = AccountId.safeParse(idText);
      if (!id.success)
        throw new UsageError(`${file}:${number}: '${line}' does not begin with an account id.`);
      return { id: id.data, name: name.join(' ') || id.data, unitIds: [], active: true };
    });
  return [...new Map(accounts.map((account) => [account.id, account])).values()];
};

/** @throws {UsageError} when nothing is selected, or a filter matches no account */
const selectAccounts = <Found extends OrganizationAccount>(
  all: readonly Found[],
  { ous, accounts, exclude }: Omit<TargetOptions, 'from'>,
): readonly Found[] => {
  const isNamed = ({ id, name }: Found, pattern: string) =>
    pattern === id || isGlobMatch(pattern, name) || isGlobMatch(pattern, id);
  const isIn = ({ unit, unitIds }: Found, ou: string) =>
    unitIds.includes(ou) || (unit !== undefined && isInOu({ ou: unit }, ou));
  for (const ou of ous)
    if (!all.some((account) => isIn(account, ou)))
      throw new UsageError(
        `No account is in the unit '${ou}'. Use its id, or the names from the root on, such as Root/Workloads.`,
      );
  for (const pattern of [...accounts, ...exclude])
    if (!all.some((account) => isNamed(account, pattern)))
      throw new UsageError(`No account has the id or name '${pattern}'.`);
  const selected = all.filter(
    (account) =>
      (ous.length === 0 || ous.some((ou) => isIn(account, ou))) &&
      (accounts.length === 0 || accounts.some((pattern) => isNamed(account, pattern))) &&
      !exclude.some((pattern) => isNamed(account, pattern)),
  );
  if (selected.length === 0) throw new UsageError('The options select no account.');
  return selected;
};
