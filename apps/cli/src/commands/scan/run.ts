import type { Rule, Session, Severity } from '@compliance/core';
import { byUrgency, findingsJson, findingsNdjson, type Finding, type Unreadable } from '@compliance/report';

import { findAccount } from '../../account/account-settings.ts';
import { openAccount } from '../../account/open-account.ts';
import { readOnlyPolicy } from '../../account/read-only-policy.ts';
import { assertRegion } from '../../input/assert-region.ts';
import { readExemptions } from '../../input/read-exemptions.ts';
import { readSettings } from '../../input/read-settings.ts';
import { EXIT, UsageError } from '../../output/exit-codes.ts';
import { createProgress } from '../../output/progress.ts';
import { assertWritable, writeOutput } from '../../output/write-output.ts';
import { readBaseline } from './baseline.ts';
import { createAdmission } from './admission.ts';
import { describeCalls, describeItems } from './describe-calls.ts';
import { ownItems } from './items/own-items.ts';
import { rulesFor } from './rules-for.ts';
import { failsFrom, ownerOf, type Fails } from './finding-facts.ts';
import type { OrganizationFlags } from './organization/run.ts';
import { planScan } from './plan-scan.ts';
import { selectRules } from './select-rules.ts';
import { createSharedReads } from './shared-reads.ts';
import { scanSource, type Source, type SourceEnd, type SourceOptions } from './scan-source.ts';

export interface ScanFlags extends Omit<OrganizationFlags, 'organization'> {
  readonly organization?: true | string;
  readonly newSince?: string;
  readonly printPolicy?: boolean;
  readonly rule?: readonly string[];
  readonly framework?: string;
  readonly level?: '1' | '2';
  readonly severity?: Severity;
  readonly region?: readonly string[];
  readonly settings?: string;
}

/** Scans the account and prints the findings. @returns the exit code */
export const scan = async (flags: ScanFlags): Promise<number> => {
  assertTogether(flags);
  await assertWritable(flags.out);
  const settings = await readSettings(flags.settings);
  const requested = [...new Set(flags.rule)];
  const selected = await selectRules({ ...flags, rule: requested });
  const rules = rulesFor(flags.source, selected);
  if (flags.printPolicy === true) {
    await writeOutput(policyText(rules, flags.source), flags.out);
    return EXIT.ok;
  }
  const requestedRegions = [...new Set(flags.region ?? settings?.organization.regions)];
  for (const region of requestedRegions) assertRegion(region);
  const isNew = flags.newSince === undefined ? undefined : await readBaseline(flags.newSince);
  const fails = failsFrom(flags.failOn, isNew);
  if (flags.organization !== undefined) {
    const { scanOrganization } = await import('./organization/run.ts');
    return scanOrganization({
      flags: { ...flags, organization: flags.organization },
      rules,
      requested,
      regions: requestedRegions,
      settings,
      fails,
    });
  }
  assertOneAccount(flags);
  const admission = createAdmission({ rate: flags.rate });
  const session = await openAccount(requestedRegions[0], {
    admit: admission.admit,
    share: createSharedReads(),
  });
  const regions = requestedRegions.length > 0 ? requestedRegions : [session.region];
  const homeRegion = settings?.organization.homeRegion ?? regions[0] ?? session.region;
  const account = findAccount(settings, session.accountId);

  const now = new Date();
  const result = await scanWithProgress({
    source: flags.source,
    recorded: ownItems(session),
    units: planScan({ rules, regions, homeRegion, settings, account, requested }),
    session,
    account,
    exemptions: await readExemptions(),
    exemptionMaxDays: settings?.exemptionMaxDays ?? Infinity,
    exclusions: settings?.exclusions ?? [],
    now,
    readTags: flags.format !== 'table' && flags.source !== 'config',
  });
  if (result.tagsFailure !== undefined)
    process.stderr.write(`warning: the findings have no tags: ${result.tagsFailure}\n`);
  const accountNames = account.name === account.id ? {} : { [account.id]: account.name };
  const findings = result.findings.map((finding) => ({ ...finding, ...ownerOf(finding, account, settings) }));
  const found = { ...result, findings };
  await writeOutput(await render(found, flags, { rules, session, now, accountNames }), flags.out, {
    styled: flags.format === 'table',
  });
  process.stderr.write(result.unreadable.map(errorLine).join(''));
  if (result.items) process.stderr.write(describeItems([result.items]));
  if (flags.stats === true) process.stderr.write(describeCalls([admission.counts()]));
  return exitCodeOf(result, fails);
};

/** @throws {UsageError} naming an option that would change nothing without another */
const assertTogether = ({ newSince, failOn, aggregator, source }: ScanFlags): void => {
  if (newSince !== undefined && failOn === undefined)
    throw new UsageError('--new-since is of --fail-on. Use it with a severity, such as --fail-on high.');
  if (aggregator !== undefined && source !== 'config')
    throw new UsageError('--aggregator is of --source config. Use both.');
};

/** @throws {UsageError} naming an option that needs --organization */
const assertOneAccount = (flags: ScanFlags): void => {
  const given = (
    ['ou', 'accounts', 'exclude', 'role', 'externalId', 'aggregator', 'jobs', 'resume'] as const
  ).find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  const option = given === 'externalId' ? 'external-id' : given;
  throw new UsageError(`--${option} is of a scan of many accounts. Use --organization with it.`);
};

/** The policy with which a scan of these rules reads everything it needs, for a role of its own. */
const policyText = (rules: readonly Rule[], source: Source): string =>
  `${JSON.stringify(readOnlyPolicy(rules, { live: source !== 'config', items: source !== 'live' }), null, 2)}\n`;

interface ScanResult extends SourceEnd {
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
}

const scanWithProgress = async (
  options: Omit<SourceOptions, 'onProgress' | 'onFindings' | 'onUnreadable' | 'onGap'>,
): Promise<ScanResult> => {
  const progress = createProgress(process.stderr);
  const findings: Finding[] = [];
  const unreadable: Unreadable[] = [];
  try {
    const end = await scanSource({
      ...options,
      onFindings: (found) => {
        for (const finding of found) findings.push(finding);
      },
      onUnreadable: (found) => void unreadable.push(found),
      onGap: (_, found) => void unreadable.push(found),
      onProgress: ({ done, units, resources, violations }) =>
        progress.show(`${done}/${units} rules × Regions, ${resources} verdicts, ${violations} violations`),
    });
    return { ...end, findings, unreadable };
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

/** Renders the findings; a format's library is loaded for it alone. */
const render = async (
  { findings: unsorted, unreadable }: ScanResult,
  { format, out }: ScanFlags,
  { rules, session, now, accountNames }: RenderContext,
): Promise<string> => {
  const findings = unsorted.toSorted(byUrgency);
  switch (format) {
    case 'json':
      return findingsJson(findings, unreadable);
    case 'ndjson':
      return findingsNdjson(findings, unreadable);
    case 'csv': {
      const { findingsCsv } = await import('@compliance/report/csv');
      return findingsCsv(findings, unreadable);
    }
    case 'html': {
      const { reportOfScan, reportPage } = await import('@compliance/report/page');
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
    }
    case 'table': {
      const { findingsTable } = await import('@compliance/report/table');
      const { stdout } = process;
      return findingsTable(findings, {
        ...(out === undefined && stdout.isTTY && { width: stdout.columns, colour: stdout.hasColors() }),
      });
    }
    default:
      throw new Error(`Unknown format ${String(format satisfies never)}`);
  }
};

const errorLine = ({ command, region, resourceType, resourceId, message }: Unreadable) => {
  const what = resourceId ?? (command === undefined ? resourceType : `listing ${resourceType}`);
  const parts = [
    command === undefined ? region : `${command} in ${region}`,
    what,
    message.replaceAll(/\s+/g, ' '),
  ];
  return `not evaluated: ${parts.filter((part) => part !== undefined).join(': ')}\n`;
};

// An incomplete scan neither proves compliance nor lists all findings.
const exitCodeOf = ({ findings, unreadable }: ScanResult, fails: Fails): number => {
  if (unreadable.length > 0) return EXIT.aws;
  return findings.some(fails) ? EXIT.findings : EXIT.ok;
};
