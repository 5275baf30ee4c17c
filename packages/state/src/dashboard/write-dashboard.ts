import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import {
  DASHBOARD_SCHEMA,
  OVERVIEW_KEY,
  accountKey,
  unitKey,
  type Overview,
  type Unit,
} from '@compliance/dashboard-data';

import { fromField, ownText } from '../base/field.ts';
import { readLines, readTexts, type LinesPart } from '../base/lines.ts';
import { DAY_MS } from '../base/times.ts';
import { parseCountLine, type RuleCounts } from '../build/count-lines.ts';
import type { Manifest, Sealed } from '../snapshot/manifest.ts';
import { accountFile, type Collectors } from './account-file.ts';
import { accountsOf } from './account-lines.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import { createFirst } from './create-first.ts';
import { createExemptions } from './exemptions.ts';
import { createFindings, type Finding } from './findings.ts';
import { createMatrices, range, type Matrices } from './matrix.ts';
import type { Organization } from './organization.ts';
import { createOwners } from './owners.ts';
import { createRemediation } from './remediation.ts';
import { timeToRemediate, trendOf, worseSince } from './summaries.ts';
import { createTexts, toSeconds } from './texts.ts';

export interface DashboardOptions {
  /** The folder of the snapshots. */
  readonly state: string;
  readonly manifest: Manifest;
  readonly organization: Organization;
  /** Where the files of the dashboard go. */
  readonly out: string;
  /** The rows of `verdicts.parquet`, 0 when it is not written. */
  readonly verdicts?: number;
  /** The SHA-256 of the key that has to have signed the ledger, from outside of it. */
  readonly keyFingerprint?: string | undefined;
  readonly onProgress?: (text: string) => void;
}

const PERIOD_DAYS = 30;
const OLDEST = 100;

/** Writes what the dashboard reads, in three levels. The overview comes last: all others of its snapshot are there. */
export const writeDashboard = async (options: DashboardOptions): Promise<Overview> => {
  const { state, manifest, organization, out, onProgress = () => {} } = options;
  const parts = join(state, manifest.folder);
  const catalogue = await catalogueOf(parts, manifest, organization);
  const matrices = await matricesOf(parts, manifest.counts, catalogue);

  const draft = join(out, '.draft');
  await rm(draft, { recursive: true, force: true });
  await writeUnits(draft, { catalogue, matrices, asOf: toSeconds(manifest.until) });
  const collected = await writeAccounts(draft, { ...options, parts, catalogue, matrices, onProgress });
  const overview = await overviewOf(options, { parts, catalogue, matrices, collected });
  for (const name of ['unit', 'account']) {
    await rm(join(out, name), { recursive: true, force: true });
    await rename(join(draft, name), join(out, name));
  }
  await writeJson(join(draft, OVERVIEW_KEY), overview);
  await rename(join(draft, OVERVIEW_KEY), join(out, OVERVIEW_KEY));
  await rm(draft, { recursive: true });
  return overview;
};

const countsIn = async function* (folder: string, parts: readonly LinesPart[]): AsyncGenerator<RuleCounts> {
  for await (const lines of readLines(folder, parts)) yield* lines.map(parseCountLine);
};

const catalogueOf = async (
  parts: string,
  { counts, severities }: Manifest,
  organization: Organization,
): Promise<Catalogue> => {
  const [accounts, rules] = [new Set<string>(), new Set<string>()];
  for await (const { account, rule } of countsIn(parts, counts)) {
    if (!accounts.has(account)) accounts.add(ownText(account));
    if (!rules.has(rule)) rules.add(ownText(rule));
  }
  return createCatalogue(organization, { accounts, rules, severities });
};

const matricesOf = async (
  folder: string,
  counts: readonly LinesPart[],
  catalogue: Catalogue,
): Promise<Matrices> => {
  const matrices = createMatrices(catalogue);
  for await (const one of countsIn(folder, counts)) matrices.add(one);
  return matrices;
};

const writeUnits = async (
  folder: string,
  { catalogue, matrices, asOf }: { catalogue: Catalogue; matrices: Matrices; asOf: number },
): Promise<void> => {
  const { units, accounts, rules, unitOf } = catalogue;
  await mkdir(join(folder, 'unit'), { recursive: true });
  for (const [index, unit] of units.entries()) {
    const own = range(0, accounts.length).filter((account) => unitOf[account] === index);
    const rows = own.flatMap((account) => range(account * rules.length, rules.length));
    const matrix = matrices.byAccountAndRule.columns(rows);
    const file: Unit = { schemaVersion: DASHBOARD_SCHEMA, kind: 'unit', asOf, unit, accounts: own, matrix };
    await writeJson(join(folder, unitKey(index)), file);
  }
};

interface Prepared {
  readonly parts: string;
  readonly catalogue: Catalogue;
  readonly matrices: Matrices;
}

/** Writes the files of the accounts, and returns what was collected from them. */
const writeAccounts = async (
  folder: string,
  {
    manifest,
    parts,
    catalogue,
    matrices,
    onProgress,
  }: DashboardOptions & Prepared & { readonly onProgress: (text: string) => void },
) => {
  await mkdir(join(folder, 'account'), { recursive: true });
  const collected = {
    owners: createOwners(),
    exemptions: createExemptions(),
    remediation: createRemediation(catalogue.rules.length, manifest.until - PERIOD_DAYS * DAY_MS),
    oldest: createFirst<Finding>(OLDEST, oldestFirst),
  } satisfies Collectors;
  const context = { catalogue, matrices, collectors: collected, asOf: toSeconds(manifest.until) };
  const missing = new Set(catalogue.accounts.keys());
  const lines = accountsOf(readTexts(parts, manifest.rows), readLines(parts, manifest.stories));
  for await (const account of lines) {
    const index = catalogue.accountIndex.get(fromField(account.id));
    // An account that left, whose stories are not ninety days old.
    if (index === undefined) continue;
    missing.delete(index);
    await writeJson(join(folder, accountKey(index)), accountFile(account, index, context));
    if (index % 100 === 0) onProgress(`account ${index + 1} of ${catalogue.accounts.length} written`);
  }
  for (const index of missing)
    await writeJson(
      join(folder, accountKey(index)),
      accountFile({ id: '', places: [], stories: [] }, index, context),
    );
  return collected;
};

const oldestFirst = (a: Finding, b: Finding): number =>
  a.since - b.since || a.account - b.account || a.rule - b.rule || (a.resource < b.resource ? -1 : 1);

const overviewOf = async (
  { manifest, organization, verdicts = 0, keyFingerprint }: DashboardOptions,
  {
    parts,
    catalogue,
    matrices,
    collected,
  }: Prepared & { collected: Awaited<ReturnType<typeof writeAccounts>> },
): Promise<Overview> => {
  const texts = createTexts();
  const { rules, units, accounts, unitOf } = catalogue;
  const since = manifest.until - PERIOD_DAYS * DAY_MS;
  const oldest = collected.oldest.all();
  const oldestColumns = createFindings(texts);
  for (const finding of oldest) oldestColumns.add(finding);
  return {
    schemaVersion: DASHBOARD_SCHEMA,
    kind: 'overview',
    asOf: toSeconds(manifest.until),
    organization: { id: organization.id, name: organization.name },
    rules: [...rules],
    frameworks: [...organization.frameworks],
    units,
    matrix: matrices.byUnitAndRule.columns(range(0, units.length * rules.length)),
    accounts: {
      id: accounts.map(({ id }) => id),
      name: accounts.map(({ name }) => name),
      unit: unitOf,
      owner: accounts.map(({ owner }) => texts.optional(owner)),
      swept: matrices.sweptAt.map(toSeconds),
    },
    accountCounts: matrices.byAccount.columns(range(0, accounts.length)),
    trend: trendOf(manifest),
    gaps: {
      from: manifest.gaps.map(({ from }) => toSeconds(from)),
      to: manifest.gaps.map(({ to }) => toSeconds(to)),
      reason: manifest.gaps.map(({ reason }) => texts.indexOf(reason)),
    },
    skipped: manifest.skipped,
    timeToRemediate: timeToRemediate(manifest, catalogue, since),
    oldestOpen: { ...oldestColumns.columns, account: oldest.map(({ account }) => account) },
    worse: await worse(manifest, { parts, catalogue, matrices }),
    owners: collected.owners.columns(),
    exemptions: collected.exemptions.columns(organization.exemptions, { rules, texts, now: manifest.until }),
    remediation: collected.remediation.result(texts),
    ...(manifest.sealed && { evidence: evidenceOf(manifest.sealed, keyFingerprint) }),
    levels: { units: true, accounts: 'all', verdicts },
    notes: [...catalogue.notes, ...differenceNotes(manifest)],
    // The last member: the others fill it.
    texts: texts.all(),
  };
};

const evidenceOf = (
  { last, until, keys, missingHours }: Sealed,
  fingerprint: string | undefined,
): NonNullable<Overview['evidence']> => ({
  until: toSeconds(until),
  head: last.sha256,
  verified: verificationOf({ keys, missingHours }, fingerprint),
  missingHours,
});

const verificationOf = (
  { keys, missingHours }: Pick<Sealed, 'keys' | 'missingHours'>,
  fingerprint: string | undefined,
): NonNullable<Overview['evidence']>['verified'] => {
  if (fingerprint !== undefined && !keys.includes(fingerprint)) return 'other-key';
  if (missingHours > 0) return 'incomplete';
  return fingerprint === undefined ? 'signer-not-proven' : 'verified';
};

/** Compares with the oldest former snapshot of the period. Without one, nothing is known to be worse. */
const worse = async (
  { baselines, until }: Manifest,
  { parts, catalogue, matrices }: Prepared,
): Promise<Overview['worse']> => {
  const baseline = baselines.find(({ at }) => at >= until - (PERIOD_DAYS + 1) * DAY_MS);
  const now = matrices.byUnitAndRule;
  if (!baseline) return worseSince(until, { before: now, now }, catalogue);
  const former = await matricesOf(parts, baseline.counts, catalogue);
  return worseSince(baseline.at, { before: former.byUnitAndRule, now }, catalogue);
};

const differenceNotes = ({ differences: { count, swept } }: Manifest): readonly string[] => {
  if (swept === 0)
    return ['No sweep was seen yet: the population is not known, and may be larger than is shown.'];
  return count === 0
    ? []
    : [
        `${count} of ${swept} sweeps (a rule in an account and Region) counted other resources than are shown. \`compliance state show\` lists them.`,
      ];
};

const writeJson = async (path: string, value: unknown): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(value));
};
