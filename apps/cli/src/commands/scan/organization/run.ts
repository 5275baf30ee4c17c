import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  accessFailure,
  createSession,
  defined,
  type Rule,
  type Session,
  type Settings,
} from '@compliance/core';

import { createEntrance, USUAL_ROLES } from '../../../account/enter-account.ts';
import { IMPATIENT, identify, regionOf } from '../../../account/open-account.ts';
import { sessionPolicyOf } from '../../../account/read-only-policy.ts';
import { findTargets } from '../../../account/targets.ts';
import { assertRegion } from '../../../input/assert-region.ts';
import { readExemptions } from '../../../input/read-exemptions.ts';
import { EXIT } from '../../../output/exit-codes.ts';
import { createProgress } from '../../../output/progress.ts';
import { reachesSeverity, type FailOn } from '../finding-facts.ts';
import { describeCalls } from '../describe-calls.ts';
import { callsOf, describeEndings, isIncomplete, type Ending } from './endings.ts';
import { scanTarget, type ScanPlan } from './scan-target.ts';
import { scanTargets } from './scan-targets.ts';
import { createSums } from './sums.ts';
import { createWriter, type StreamedFormat } from './writer.ts';

export interface OrganizationFlags {
  readonly organization: true | string;
  readonly ou?: readonly string[];
  readonly accounts?: readonly string[];
  readonly exclude?: readonly string[];
  readonly role?: readonly string[];
  readonly externalId?: string;
  readonly rate?: number;
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
}

/** How many accounts are scanned at once: while one waits for AWS, another is judged. */
const ACCOUNTS_AT_ONCE = 4;

/** Scans the accounts of an organization. @returns the exit code */
export const scanOrganization = async ({
  flags,
  rules,
  requested,
  regions,
  settings,
}: OrganizationScan): Promise<number> => {
  const now = new Date();
  const { sts, own } = await openOwn(settings?.organization.homeRegion ?? regions[0]);
  const { targets, managementAccountId, unitsFailure } = await findTargets(own, settings, {
    from: flags.organization === true ? 'aws' : flags.organization,
    ous: flags.ou ?? [],
    accounts: flags.accounts ?? [],
    exclude: flags.exclude ?? [],
  });
  if (unitsFailure !== undefined)
    process.stderr.write(`warning: the accounts have no units: ${unitsFailure}\n`);
  const enter = createEntrance({
    sts,
    own,
    ownCredentials: sts.config.credentials,
    roles: flags.role ?? USUAL_ROLES,
    externalId: flags.externalId ?? settings?.organization.externalId,
    managementAccountId,
    sessionPolicy: sessionPolicyOf(rules, own.partition),
  });
  const plan: ScanPlan = {
    commands: rules.map(({ command }) => command),
    requested,
    regions,
    homeRegion: own.region,
    settings,
    managementAccountId,
    exemptions: await readExemptions(),
    now,
    readTags: flags.format !== 'table',
    rate: flags.rate,
  };

  const sums = createSums();
  const writer = createWriter({ ...flags, out: flags.out, rules, now });
  const progress = createProgress(process.stderr);
  const endings: Ending[] = [];
  let reaching = 0;
  const show = () =>
    progress.show(
      `${endings.length}/${targets.length} accounts, ${sums.resources()} verdicts, ${sums.violations()} violations`,
    );
  const stopped = await scanTargets({
    targets,
    accountsAtOnce: ACCOUNTS_AT_ONCE,
    enter,
    scan: ({ account }, credentials, events) => scanTarget({ account, plan, rules, credentials, ...events }),
    onFindings: async ({ account }, findings) => {
      sums.add(account, findings);
      const { failOn } = flags;
      if (failOn !== undefined) reaching += findings.filter((one) => reachesSeverity(one, failOn)).length;
      show();
      await writer.add(findings);
    },
    onUnreadable: (_, unreadable) => writer.add([], [unreadable]),
    onOutcome: async (target, outcome) => {
      endings.push({ target, outcome });
      show();
      progress.plain(endings.length, targets.length);
    },
    probe: () => ownAccessFailure(sts),
  });
  progress.clear();
  await writer.end(
    sums.text(),
    Object.fromEntries(targets.map(({ account: { id, name, ou } }) => [id, { name, unit: ou }])),
  );
  process.stderr.write(describeEndings(endings));
  if (flags.stats === true) process.stderr.write(describeCalls(callsOf(endings)));
  if (stopped !== undefined) process.stderr.write(`error: the scan stopped: ${stopped}\n`);
  if (endings.some(isIncomplete)) return EXIT.aws;
  return reaching > 0 ? EXIT.findings : EXIT.ok;
};

/** Opens the caller's own account. Accounts are entered from there. */
const openOwn = async (givenRegion: string | undefined): Promise<{ sts: STSClient; own: Session }> => {
  if (givenRegion !== undefined) assertRegion(givenRegion);
  const sts = new STSClient({ ...IMPATIENT, ...defined({ region: givenRegion }) });
  const region = await regionOf(sts);
  const { accountId, partition } = await identify(sts);
  return { sts, own: createSession({ accountId, region, partition, credentials: sts.config.credentials }) };
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
