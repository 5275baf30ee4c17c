import {
  SEVERITIES,
  defined,
  type Account,
  type Rule,
  type Session,
  type Settings,
  type Severity,
} from '@compliance/core';
import {
  byUrgency,
  findingsCsv,
  findingsJson,
  findingsTable,
  isViolation,
  reportOfScan,
  reportPage,
  type Finding,
  type Unreadable,
} from '@compliance/report';

import { findAccount } from '../../account/account-settings.ts';
import { openAccount } from '../../account/open-account.ts';
import { assertRegion } from '../../input/assert-region.ts';
import { readExemptions } from '../../input/read-exemptions.ts';
import { readSettings } from '../../input/read-settings.ts';
import { EXIT } from '../../output/exit-codes.ts';
import { createProgress } from '../../output/progress.ts';
import { assertWritable, writeOutput } from '../../output/write-output.ts';
import { planScan } from './plan-scan.ts';
import { selectRules } from './select-rules.ts';
import { scanAccount, type ScanOptions, type ScanResult } from './scan-account.ts';

export interface ScanFlags {
  readonly rule?: readonly string[];
  readonly framework?: string;
  readonly level?: '1' | '2';
  readonly severity?: Severity;
  readonly region?: readonly string[];
  readonly settings?: string;
  readonly format: 'table' | 'json' | 'csv' | 'html';
  readonly out?: string;
  readonly failOn?: 'any' | 'low' | 'medium' | 'high' | 'critical';
}

/** Scans the account and prints the findings. @returns the exit code */
export const scan = async (flags: ScanFlags): Promise<number> => {
  await assertWritable(flags.out);
  const settings = await readSettings(flags.settings);
  const requested = [...new Set(flags.rule)];
  const rules = await selectRules({ ...flags, rule: requested });
  const requestedRegions = [...new Set(flags.region ?? settings?.organization.regions)];
  for (const region of requestedRegions) assertRegion(region);
  const session = await openAccount(requestedRegions[0]);
  const regions = requestedRegions.length > 0 ? requestedRegions : [session.region];
  const homeRegion = settings?.organization.homeRegion ?? regions[0] ?? session.region;
  const account = findAccount(settings, session.accountId);

  const now = new Date();
  const result = await scanWithProgress({
    units: planScan({ rules, regions, homeRegion, settings, account, requested }),
    session,
    account,
    exemptions: await readExemptions(),
    exemptionMaxDays: settings?.exemptionMaxDays ?? Infinity,
    exclusions: settings?.exclusions ?? [],
    now,
    readTags: flags.format !== 'table',
  });
  if (result.tagsFailure !== undefined)
    process.stderr.write(`warning: the findings have no tags: ${result.tagsFailure}\n`);
  const accountNames = account.name === account.id ? {} : { [account.id]: account.name };
  const findings = result.findings.map((finding) => ({ ...finding, ...ownerOf(finding, account, settings) }));
  const found = { ...result, findings };
  await writeOutput(render(found, flags, { rules, session, now, accountNames }), flags.out, {
    styled: flags.format === 'table',
  });
  process.stderr.write(result.unreadable.map(errorLine).join(''));
  return exitCodeOf(result, flags.failOn);
};

/** The owner as far as tags and settings say. The functions also ask for the account's security contact. */
const ownerOf = ({ tags }: Finding, { owner }: Account, settings: Settings | undefined) =>
  defined({ owner: tags?.[settings?.owners.tag ?? 'owner'] ?? owner });

const scanWithProgress = async (options: Omit<ScanOptions, 'onProgress'>): Promise<ScanResult> => {
  const progress = createProgress(process.stderr);
  try {
    return await scanAccount({
      ...options,
      onProgress: ({ done, units, resources, violations }) =>
        progress.show(`${done}/${units} rules × Regions, ${resources} verdicts, ${violations} violations`),
    });
  } finally {
    progress.clear();
  }
};

interface RenderContext {
  readonly rules: readonly Rule[];
  readonly session: Session;
  readonly now: Date;
  readonly accountNames: Readonly<Record<string, string>>;
}

const render = (
  { findings: unsorted, unreadable }: ScanResult,
  { format, out }: ScanFlags,
  { rules, session, now, accountNames }: RenderContext,
): string => {
  const findings = unsorted.toSorted(byUrgency);
  switch (format) {
    case 'json':
      return findingsJson(findings, unreadable);
    case 'csv':
      return findingsCsv(findings, unreadable);
    case 'html':
      return reportPage(
        reportOfScan({
          title: `Compliance of account ${session.accountId}`,
          createdAt: now,
          findings,
          unreadable,
          rules: Object.fromEntries(rules.map((rule) => [rule.command, rule])),
          accountNames,
        }),
      );
    case 'table': {
      const { stdout } = process;
      return findingsTable(findings, {
        ...(out === undefined && stdout.isTTY && { width: stdout.columns, colour: stdout.hasColors() }),
      });
    }
    default:
      throw new Error(`Unknown format ${String(format satisfies never)}`);
  }
};

const errorLine = ({ command, region, resourceType, resourceId, message }: Unreadable) =>
  `not evaluated: ${command} in ${region}: ${resourceId === undefined ? `listing ${resourceType}` : resourceId}: ${message.replaceAll(/\s+/g, ' ')}\n`;

// An incomplete scan neither proves compliance nor lists all findings.
const exitCodeOf = ({ findings, unreadable }: ScanResult, failOn: ScanFlags['failOn']): number => {
  if (unreadable.length > 0) return EXIT.aws;
  return failOn !== undefined && findings.some((finding) => reachesSeverity(finding, failOn))
    ? EXIT.findings
    : EXIT.ok;
};

const reachesSeverity = (finding: Finding, failOn: NonNullable<ScanFlags['failOn']>): boolean =>
  isViolation(finding) &&
  (failOn === 'any' ||
    finding.severity === undefined ||
    SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(failOn));
