import * as z from 'zod/mini';

import { Account } from './account.ts';
import { DASHBOARD_SCHEMA } from './header.ts';
import { accountKey, OVERVIEW_KEY, unitKey } from './keys.ts';
import { Overview } from './overview.ts';
import { CountColumns } from './states.ts';
import { Unit } from './unit.ts';

/** Says what is wrong with a file of the data, and what a person can do about it. */
export class DashboardDataError extends Error {
  override readonly name = 'DashboardDataError';
}

/** @throws {DashboardDataError} when the text is no overview of this schema */
export const parseOverview = (text: string): Overview => {
  const overview = parseFile(Overview, OVERVIEW_KEY, text);
  const { rules, units, accounts, matrix, accountCounts, trend } = overview;
  assertRows(OVERVIEW_KEY, 'matrix', matrix, units.length * rules.length);
  assertRows(OVERVIEW_KEY, 'accountCounts', accountCounts, accounts.id.length);
  assertRows(OVERVIEW_KEY, 'trend', trend.counts, trend.at.length);
  return overview;
};

/** @throws {DashboardDataError} when the text is no unit of the same snapshot */
export const parseUnit = (text: string, index: number, overview: Overview): Unit => {
  const key = unitKey(index);
  const unit = parseFile(Unit, key, text);
  assertSnapshot(key, unit, overview);
  if (unit.unit !== overview.units[index]) throw brokenFile(key, `it is about ${unit.unit}`);
  assertRows(key, 'matrix', unit.matrix, unit.accounts.length * overview.rules.length);
  return unit;
};

/** @throws {DashboardDataError} when the text is no account of the same snapshot */
export const parseAccount = (text: string, index: number, overview: Overview): Account => {
  const key = accountKey(index);
  const account = parseFile(Account, key, text);
  assertSnapshot(key, account, overview);
  if (account.account !== overview.accounts.id[index])
    throw brokenFile(key, `it is about account ${account.account}`);
  assertRows(key, 'counts', account.counts, overview.rules.length);
  return account;
};

/** What a reader says about a file that is not there. */
export const missingFile = (key: string, cause?: unknown): DashboardDataError =>
  new DashboardDataError(
    `${key} is missing. The data is incomplete: ${WRITE_AGAIN}, and copy the whole folder.`,
    { cause },
  );

const Version = z.looseObject({ schemaVersion: z.int() });

const parseFile = <T>(schema: z.ZodMiniType<T>, key: string, text: string): T => {
  const content = parseJson(key, text);
  const version = Version.safeParse(content).data?.schemaVersion;
  if (version === undefined) throw brokenFile(key, 'it has no schema version');
  if (version > DASHBOARD_SCHEMA)
    throw new DashboardDataError(
      `${key} has schema ${version}, and this page reads ${DASHBOARD_SCHEMA}: a newer release wrote it. Open it with the command of that release.`,
    );
  if (version < DASHBOARD_SCHEMA)
    throw new DashboardDataError(
      `${key} has schema ${version}, and this page reads ${DASHBOARD_SCHEMA}: an older release wrote it. To open it here, ${WRITE_AGAIN}.`,
    );
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw brokenFile(key, `${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''}`, parsed.error);
};

const parseJson = (key: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw brokenFile(key, 'it is not JSON', error);
  }
};

const assertSnapshot = (key: string, file: { readonly asOf: number }, overview: Overview): void => {
  if (file.asOf !== overview.asOf)
    throw new DashboardDataError(
      `${key} is of another snapshot than ${OVERVIEW_KEY}: the data is being renewed, or was renewed in part. Reload the page in some minutes; if it stays so, publish it again.`,
    );
};

const assertRows = (key: string, member: string, counts: CountColumns, rows: number): void => {
  if (counts.compliant.length !== rows)
    throw brokenFile(key, `${member} has ${counts.compliant.length} rows instead of ${rows}`);
};

/** What a reader says about a file that it cannot read. */
export const brokenFile = (key: string, why: string, cause?: unknown): DashboardDataError =>
  new DashboardDataError(`${key} is broken: ${why}. To repair it, ${WRITE_AGAIN}.`, { cause });

const WRITE_AGAIN = 'write the data again with this release';
