import {
  annotationOf,
  annotationText,
  defined,
  exclusionOf,
  exemptionOf,
  explain,
  judgeOrExempt,
  resourceKey,
  sweep,
  withTagsForExemptions,
  type Account,
  type Exemption,
  type JudgeContext,
  type Judged,
  type Rule,
  type Session,
} from '@compliance/core';
import type { Finding, Unreadable } from '@compliance/report';
import pMap from 'p-map';

/** One rule in one Region. */
export interface ScanUnit {
  readonly rule: Rule;
  readonly region: string;
  readonly parameters: unknown;
}

interface ScanProgress {
  readonly done: number;
  readonly units: number;
  readonly resources: number;
  readonly violations: number;
}

export interface ScanOptions {
  readonly units: readonly ScanUnit[];
  readonly session: Session;
  readonly account: Account;
  readonly exemptions: readonly Exemption[];
  readonly exemptionMaxDays: number;
  readonly exclusions: readonly string[];
  readonly now: Date;
  readonly onProgress?: (progress: ScanProgress) => void;
}

export interface ScanResult {
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
}

/** Services × Regions in parallel. AWS throttles each separately, and core limits the requests in flight in each. */
const LANES_AT_ONCE = 8;

/** Lists and evaluates every unit; a failure affects only its own resources. Writes nothing. */
export const scanAccount = async ({ units, onProgress, ...options }: ScanOptions): Promise<ScanResult> => {
  const progress = { done: 0, units: units.length, resources: 0, violations: 0 };
  const unreadable: Unreadable[] = [];
  const findings: Finding[] = [];

  const onJudged = (judged: readonly Judged[]) => {
    progress.resources += judged.length;
    progress.violations += judged.filter(({ verdict }) => verdict.complianceType === 'NON_COMPLIANT').length;
    onProgress?.(progress);
  };

  const lanes = Map.groupBy(units, ({ rule, region }) => `${region} ${rule.resourceType.split('::')[1]}`);
  await pMap(
    lanes.values(),
    async (lane) => {
      for (const unit of lane) {
        findings.push(...(await scanUnit(unit, { ...options, onJudged, unreadable })));
        progress.done += 1;
        onProgress?.(progress);
      }
    },
    { concurrency: LANES_AT_ONCE },
  );
  return { findings, unreadable };
};

interface UnitContext extends Omit<ScanOptions, 'units' | 'onProgress'> {
  readonly onJudged: (judged: readonly Judged[]) => void;
  readonly unreadable: Unreadable[];
}

const scanUnit = async (
  { rule, region, parameters }: ScanUnit,
  { now, onJudged, unreadable, ...options }: UnitContext,
): Promise<Iterable<Finding>> => {
  const session = options.session.at(region);
  const { accountId } = session;
  const context: JudgeContext = { parameters, accountId, region, partition: session.partition, now };
  // A later, worse verdict on the same resource replaces the first.
  const found = new Map<string, Finding>();
  const place = { accountId, region, command: rule.command };
  try {
    const judging = await withTagsForExemptions({
      ...options,
      rule,
      session,
      judgeContext: context,
    });
    await sweep({
      rule,
      session,
      notificationTime: now,
      full: true,
      repeatNonCompliant: true,
      judge: (resource, observation) => judgeOrExempt(judging, resource, observation),
      send: async (judged) => {
        for (const one of judged) found.set(resourceKey(one.resource), findingOf(one, rule, context));
        onJudged(judged);
      },
      onUnchanged: async () => {},
      vanishedReason: '',
      onUnreadable: ({ resourceType, resourceId }, error) =>
        void unreadable.push({ ...place, resourceType, resourceId, message: explain(error) }),
    });
  } catch (error) {
    unreadable.push({ ...place, resourceType: rule.resourceType, message: explain(error) });
  }
  return found.values();
};

const findingOf = (
  { resource, verdict }: Judged,
  { command, severity }: Rule,
  { accountId, region }: JudgeContext,
): Finding => {
  const annotation = annotationOf(verdict);
  return defined({
    accountId,
    region,
    command,
    severity,
    resourceType: resource.resourceType,
    resourceId: resource.resourceId,
    complianceType: verdict.complianceType,
    annotation: annotation === undefined ? undefined : annotationText(annotation),
    exemption: exemptionOf(verdict),
    excluded: exclusionOf(verdict),
  });
};
