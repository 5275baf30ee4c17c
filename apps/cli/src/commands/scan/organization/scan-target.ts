import {
  createSession,
  grantAction,
  isAccessDenied,
  accessFailure,
  type Account,
  type Exemption,
  type Rule,
  type Session,
  type SessionOptions,
  type Settings,
} from '@compliance/core/scan';
import type { Finding, Unreadable } from '@compliance/report';

import { enabledRegions } from '../../../account/enabled-regions.ts';
import type { CallsByService } from '../describe-calls.ts';
import { ownerOf } from '../finding-facts.ts';
import { planScan } from '../plan-scan.ts';
import { aggregatedItems, aggregatedRegions, type Aggregator } from '../items/aggregated-items.ts';
import { ownItems } from '../items/own-items.ts';
import type { ScanUnit } from '../scan-account.ts';
import { scanSource, type Gap, type Source, type SourceEnd } from '../scan-source.ts';
import { createAdmission } from '../admission.ts';
import { createSharedReads } from '../shared-reads.ts';

/** What is the same for every account of one scan. Plain data: a worker thread receives a copy. */
export interface ScanPlan {
  readonly commands: readonly string[];
  /** Rules that are evaluated even if their mode is off. */
  readonly requested: readonly string[];
  /** The Regions that are asked for; all that an account has enabled, if none. */
  readonly regions: readonly string[];
  readonly homeRegion: string;
  readonly settings: Settings | undefined;
  readonly managementAccountId: string | undefined;
  readonly exemptions: readonly Exemption[];
  readonly now: Date;
  readonly readTags: boolean;
  readonly rate: number | undefined;
  readonly source: Source;
  /** Where the items of all accounts are. Without it, each account's own AWS Config is asked. */
  readonly aggregator?: Aggregator | undefined;
}

/** What is found in an account, as it is found. */
export interface TargetEvents {
  readonly onFindings: (findings: readonly Finding[]) => Promise<void> | void;
  readonly onUnreadable: (unreadable: Unreadable) => void;
  /** Receives the calls so far, now and then. */
  readonly onCalls: (calls: CallsByService) => void;
}

/** A group of failures with one reason. */
export interface Refusal {
  /** `region`: nothing may be read there. `service`: the service may not be read. `other`: anything else that failed. */
  readonly kind: 'region' | 'service' | 'other' | Gap;
  readonly region: string;
  readonly service?: string;
  readonly commands: readonly string[];
  readonly types: readonly string[];
  readonly count: number;
  /** Of the first failure. */
  readonly message: string;
}

/** How the scan of an account ended. */
export interface TargetEnd {
  readonly regions: readonly string[];
  /** Regions that were asked for and are not enabled. */
  readonly disabledRegions: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly calls: CallsByService;
  /** What AWS Config's records were. */
  readonly items?: SourceEnd['items'];
  readonly tagsFailure?: string;
  /** A failure that may be that of every account: expired credentials, or no network. */
  readonly noAccess?: string;
}

export interface TargetOptions extends TargetEvents {
  readonly account: Account;
  readonly plan: ScanPlan;
  readonly rules: readonly Rule[];
  readonly credentials: SessionOptions['credentials'];
  readonly signal?: AbortSignal;
}

const TELL_EVERY_MS = 500;

/** Scans one account in all of its Regions. A failure costs only what it concerns. */
export const scanTarget = async (options: TargetOptions): Promise<TargetEnd> => {
  const { account, plan, rules, credentials, signal, ...events } = options;
  const { homeRegion, settings } = plan;
  const admission = createAdmission({ rate: plan.rate });
  let told = Date.now();
  const session = createSession({
    accountId: account.id,
    region: homeRegion,
    credentials,
    admit: (attempt) => {
      if (Date.now() - told >= TELL_EVERY_MS) {
        told = Date.now();
        events.onCalls(admission.counts());
      }
      return admission.admit(attempt);
    },
    share: createSharedReads(),
  });
  const failures: Failure[] = [];
  const onUnreadable = (unreadable: Unreadable, error: unknown, gap?: Gap) => {
    failures.push({ ...unreadable, error, gap });
    events.onUnreadable(unreadable);
  };

  const { regions, disabledRegions } = await regionsOf(account, plan, session);
  const units = planScan({
    rules: rules.filter((rule) => concerns(rule, plan, account)),
    regions,
    homeRegion: regions.includes(homeRegion) ? homeRegion : (regions[0] ?? homeRegion),
    settings,
    account,
    requested: plan.requested,
  });
  const end = await scanSource({
    source: plan.source,
    recorded: plan.aggregator ? aggregatedItems(session, plan.aggregator, account.id) : ownItems(session),
    units: regions.length > 0 ? units : [],
    session,
    account,
    exemptions: plan.exemptions,
    exemptionMaxDays: settings?.exemptionMaxDays ?? Infinity,
    exclusions: settings?.exclusions ?? [],
    now: plan.now,
    readTags: plan.readTags,
    onFindings: (findings) =>
      events.onFindings(findings.map((finding) => ({ ...finding, ...ownerOf(finding, account, settings) }))),
    onUnreadable,
    onGap: (gap, unreadable) => onUnreadable(unreadable, undefined, gap),
    ...(signal && { signal }),
  });
  const noAccess = failures.map(({ error }) => accessFailure(error)).find((reason) => reason !== undefined);
  return {
    ...end,
    regions,
    disabledRegions,
    refusals: groupRefusals(units, failures),
    calls: admission.counts(),
    ...(noAccess !== undefined && { noAccess }),
  };
};

/** The Regions to scan, and those that were asked for and are not enabled. */
const regionsOf = async (
  { id }: Account,
  { aggregator, regions: asked }: ScanPlan,
  session: Session,
): Promise<Pick<TargetEnd, 'regions' | 'disabledRegions'>> => {
  // Whether the account has a Region enabled, an aggregator does not tell: what it does not have is not covered.
  if (aggregator)
    return { regions: asked.length > 0 ? asked : aggregatedRegions(aggregator, id), disabledRegions: [] };
  try {
    const enabled = await enabledRegions(session);
    if (asked.length === 0) return { regions: enabled, disabledRegions: [] };
    const [regions, disabledRegions] = partition(asked, (region) => enabled.includes(region));
    return { regions, disabledRegions };
  } catch (error) {
    // Without the permission to ask, what was asked for is tried.
    if (asked.length > 0) return { regions: asked, disabledRegions: [] };
    throw error;
  }
};

/** Without settings, the management account is known from AWS Organizations. */
const concerns = ({ only }: Rule, { settings, managementAccountId }: ScanPlan, { id }: Account): boolean =>
  only !== 'management-account' || settings !== undefined || managementAccountId === id;

interface Failure extends Unreadable {
  readonly error: unknown;
  /** Why it is not judged although nothing failed. */
  readonly gap: Gap | undefined;
}

/** Sums up failures: what was refused by Region and service, and the rest by rule. */
const groupRefusals = (units: readonly ScanUnit[], failures: readonly Failure[]): readonly Refusal[] => {
  const services = new Map(units.map(({ rule }) => [rule.command, serviceOf(rule)]));
  const unitsIn = Map.groupBy(units, ({ region }) => region);
  const byRegion = Map.groupBy(failures, ({ region = '' }) => region);
  return [...byRegion].flatMap(([region, failed]) => {
    const [gaps, failing] = partition(failed, ({ gap }) => gap !== undefined);
    const [denied, others] = partition(failing, ({ error }) => isAccessDenied(error));
    const refusedListings = new Set(
      denied.filter(({ resourceId }) => resourceId === undefined).map(({ command }) => command),
    );
    const asked = unitsIn.get(region) ?? [];
    // One rule alone would make its service's refusal look like the Region's.
    const isRegionDenied =
      new Set(asked.map(({ rule }) => serviceOf(rule))).size > 1 &&
      asked.every(({ rule }) => refusedListings.has(rule.command));
    const refused: Refusal[] = isRegionDenied
      ? [refusalOf('region', region, denied)]
      : [...Map.groupBy(denied, ({ command = '' }) => services.get(command) ?? '')].map(
          ([service, ofService]) => ({
            ...refusalOf('service', region, ofService),
            service,
          }),
        );
    const rest = [...Map.groupBy(others, ({ command }) => command).values()].map((ofRule) =>
      refusalOf('other', region, ofRule),
    );
    const unjudged = [
      ...Map.groupBy(gaps, ({ gap = 'live-look', message }) => `${gap} ${message}`).values(),
    ].map((ofGap) => refusalOf(ofGap[0]?.gap ?? 'live-look', region, ofGap));
    return [...refused, ...rest, ...unjudged];
  });
};

const refusalOf = (kind: Refusal['kind'], region: string, failures: readonly Failure[]): Refusal => ({
  kind,
  region,
  commands: [...new Set(failures.flatMap(({ command }) => command ?? []))],
  types: [...new Set(failures.flatMap(({ resourceType }) => resourceType ?? []))],
  count: failures.length,
  message: failures[0]?.message ?? '',
});

const serviceOf = ({ permissions: { list, get } }: Rule): string => {
  const [first = ''] = [...list, ...get].map(grantAction);
  return first.split(':')[0] ?? '';
};

const partition = <T>(all: readonly T[], is: (one: T) => boolean): readonly [readonly T[], readonly T[]] => [
  all.filter(is),
  all.filter((one) => !is(one)),
];
