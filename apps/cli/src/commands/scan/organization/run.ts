import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import {
  accessFailure,
  type Rule,
  type Session,
  type SessionOptions,
  type Settings,
} from '@compliance/core/scan';
import { availableParallelism } from 'node:os';

import { createEntrance, USUAL_ROLES } from '../../../account/enter-account.ts';
import { openCaller } from '../../../account/open-account.ts';
import { sessionPolicyOf } from '../../../account/read-only-policy.ts';
import { findTargets, type Target } from '../../../account/targets.ts';
import { readExemptions } from '../../../input/read-exemptions.ts';
import { EXIT } from '../../../output/exit-codes.ts';
import { hearInterrupt } from '../../../output/interrupts.ts';
import { createProgress } from '../../../output/progress.ts';
import { describeCalls, describeItems } from '../describe-calls.ts';
import type { FailOn, Fails } from '../finding-facts.ts';
import { findAggregator } from '../items/aggregated-items.ts';
import type { Source } from '../scan-source.ts';
import { callsOf, describeEndings, isIncomplete, itemsOf, type Ending } from './endings.ts';
import { createMeter } from './meter.ts';
import { openProgress } from './progress-file.ts';
import { scanTarget, type ScanPlan, type TargetEnd, type TargetEvents } from './scan-target.ts';
import { scanTargets } from './scan-targets.ts';
import { createSums } from './sums.ts';
import { createWorkerPool } from './worker-pool.ts';
import { createWriter, type StreamedFormat } from './writer.ts';

export interface OrganizationFlags {
  readonly organization: true | string;
  readonly ou?: readonly string[];
  readonly accounts?: readonly string[];
  readonly exclude?: readonly string[];
  readonly role?: readonly string[];
  readonly externalId?: string;
  readonly source: Source;
  readonly aggregator?: string;
  readonly jobs?: number;
  readonly rate?: number;
  readonly resume?: boolean;
  readonly stats?: boolean;
  readonly format: StreamedFormat;
  readonly out?: string;
  readonly failOn?: FailOn;
}

export interface OrganizationScan {
  readonly flags: OrganizationFlags;
  readonly rules: readonly Rule[];
  readonly requested: readonly string[];
  /** The Regions that options or settings ask for. */
  readonly regions: readonly string[];
  readonly settings: Settings | undefined;
  /** Whether a finding fails the pipeline. */
  readonly fails: Fails;
}

/** How many accounts a thread scans at once: while one waits for AWS, another is judged. */
const ACCOUNTS_AT_ONCE = 4;

/** Scans the accounts of an organization. @returns the exit code */
export const scanOrganization = async (scan: OrganizationScan): Promise<number> => {
  const { flags, rules, settings } = scan;
  const { sts, session: own } = await openCaller(settings?.organization.homeRegion ?? scan.regions[0]);
  const found = await findTargets(own, settings, {
    from: flags.organization === true ? 'aws' : flags.organization,
    ous: flags.ou ?? [],
    accounts: flags.accounts ?? [],
    exclude: flags.exclude ?? [],
  });
  if (found.unitsFailure !== undefined)
    process.stderr.write(`warning: the accounts have no units: ${found.unitsFailure}\n`);
  const plan = await planOf(scan, own, found.managementAccountId);
  const enter = plan.aggregator
    ? // The aggregator has the records of every account: no role is needed in any.
      async () => ({ credentials: sts.config.credentials })
    : createEntrance({
        sts,
        own,
        ownCredentials: sts.config.credentials,
        roles: flags.role ?? USUAL_ROLES,
        externalId: flags.externalId ?? settings?.organization.externalId,
        managementAccountId: found.managementAccountId,
        sessionPolicy: sessionPolicyOf(rules, own.partition, { items: flags.source !== 'live' }),
      });

  const sums = createSums();
  const accounts = new Map<string, Target['account']>(
    found.targets.map(({ account }) => [account.id, account]),
  );
  const before = await openProgress({
    ...flags,
    plan,
    onKept: (finding) => {
      const account = accounts.get(finding.accountId);
      if (account) sums.add(account, [finding], scan.fails);
    },
  });
  const targets = found.targets.filter(({ account: { id } }) => before?.completed.has(id) !== true);
  const writer = await createWriter({
    ...flags,
    out: flags.out,
    append: flags.resume === true,
    rules,
    now: plan.now,
  });
  const progress = createProgress(process.stderr);
  const interrupt = hearInterrupt();
  const threads = startThreads(
    Math.min(flags.jobs ?? availableParallelism(), targets.length),
    plan,
    rules,
    interrupt.signal,
  );
  const endings: Ending[] = [];
  const meter = createMeter(targets.length);
  const show = () =>
    progress.show(
      `${endings.length}/${targets.length} accounts, ${meter.text(endings.length)}, ${sums.violations()} violations`,
    );
  const scanning = scanTargets({
    targets,
    accountsAtOnce: ACCOUNTS_AT_ONCE * threads.count,
    enter,
    scan: ({ account }, credentials, events) => threads.scan(account, credentials, events),
    onFindings: async ({ account }, findings) => {
      sums.add(account, findings, scan.fails);
      show();
      await writer.add(findings);
    },
    onCalls: ({ account }, calls) => {
      meter.calls(account.id, calls);
      show();
    },
    onUnreadable: (_, unreadable) => writer.add([], [unreadable]),
    onOutcome: async (target, outcome) => {
      endings.push({ target, outcome });
      if (outcome.state === 'scanned') {
        meter.calls(target.account.id, outcome.end.calls);
        await before?.complete(target.account.id);
      }
      show();
      progress.plain(endings.length, targets.length, `, ${meter.text(endings.length)}`);
    },
    probe: () => ownAccessFailure(sts),
    signal: interrupt.signal,
  });
  let stopped: string | undefined;
  try {
    stopped = await scanning;
  } finally {
    interrupt.restore();
    // A thread that is left would keep the process, for example when the disk is full.
    await threads.close();
    progress.clear();
  }
  await writer.end(sums.text(), notesOf(found.targets));
  printEnd(endings, flags);
  if (before && !endings.some(({ outcome }) => ['left', 'refused', 'failed'].includes(outcome.state)))
    await before.remove();
  if (stopped !== undefined)
    process.stderr.write(`error: the scan stopped: ${stopped}${before ? ' Continue with --resume.' : ''}\n`);
  if (endings.some(isIncomplete)) return EXIT.aws;
  return sums.failing() > 0 ? EXIT.findings : EXIT.ok;
};

const planOf = async (
  { flags, rules, requested, regions, settings }: OrganizationScan,
  own: Session,
  managementAccountId: string | undefined,
): Promise<ScanPlan> => ({
  commands: rules.map(({ command }) => command),
  requested,
  regions,
  homeRegion: own.region,
  settings,
  managementAccountId,
  exemptions: await readExemptions(),
  now: new Date(),
  readTags: flags.format !== 'table' && flags.source !== 'config',
  rate: flags.rate,
  source: flags.source,
  aggregator: flags.source === 'config' ? await findAggregator(own, flags.aggregator) : undefined,
});

interface Threads {
  readonly count: number;
  readonly scan: (
    account: Target['account'],
    credentials: SessionOptions['credentials'],
    events: TargetEvents,
  ) => Promise<TargetEnd>;
  readonly close: () => Promise<void>;
}

/** Scans in worker threads; in this one where a second has nothing to do. */
const startThreads = (jobs: number, plan: ScanPlan, rules: readonly Rule[], signal: AbortSignal): Threads => {
  if (jobs <= 1)
    return {
      count: 1,
      scan: (account, credentials, events) =>
        scanTarget({ account, plan, rules, credentials, signal, ...events }),
      close: async () => {},
    };
  const pool = createWorkerPool(jobs, plan);
  signal.addEventListener('abort', pool.stop, { once: true });
  return { count: jobs, scan: pool.scan, close: pool.close };
};

const notesOf = (targets: readonly Target[]) =>
  Object.fromEntries(targets.map(({ account: { id, name, ou } }) => [id, { name, unit: ou }]));

const printEnd = (endings: readonly Ending[], { source, stats }: OrganizationFlags): void => {
  process.stderr.write(describeEndings(endings));
  if (source !== 'live') process.stderr.write(describeItems(itemsOf(endings)));
  if (stats === true) process.stderr.write(describeCalls(callsOf(endings)));
};

/** Why the caller's credentials reach AWS no longer; `undefined` while they do. */
const ownAccessFailure = async (sts: STSClient): Promise<string | undefined> => {
  try {
    await sts.send(new GetCallerIdentityCommand({}));
    return undefined;
  } catch (error) {
    return accessFailure(error);
  }
};
