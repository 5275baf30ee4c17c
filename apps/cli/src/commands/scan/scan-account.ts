import {
  annotationOf,
  annotationText,
  arnOf,
  defined,
  exclusionOf,
  exemptionOf,
  explain,
  judgeOrExempt,
  resourceKey,
  sweep,
  tagsByArn,
  withIdentity,
  withTagsForExemptions,
  type Account,
  type Exemption,
  type JudgeContext,
  type Judged,
  type Rule,
  type Session,
  type Tags,
} from '@compliance/core/scan';
import type { Finding, Unreadable } from '@compliance/report';
import pMap from 'p-map';

import { inStep, type Walker } from './in-step.ts';

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
  /** Whether findings have the tags of their resources, which costs calls. */
  readonly readTags: boolean;
  /** Receives the findings of one unit, when it ends. */
  readonly onFindings: (findings: readonly Finding[]) => Promise<void> | void;
  /** Receives what could not be evaluated, and why. */
  readonly onUnreadable: (unreadable: Unreadable, error: unknown) => void;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** Ends the scan after the resources that it is at. */
  readonly signal?: AbortSignal;
}

export interface ScanEnd {
  /** Why findings lack tags, if they could not be read. */
  readonly tagsFailure?: string;
}

/** Services × Regions in parallel. AWS throttles each separately, and core limits the requests in flight in each. */
const LANES_AT_ONCE = 8;

/** Lists and evaluates every unit; a failure affects only its own resources. Writes nothing. */
export const scanAccount = async ({
  units,
  onProgress,
  onFindings,
  signal,
  ...options
}: ScanOptions): Promise<ScanEnd> => {
  const progress = { done: 0, units: units.length, resources: 0, violations: 0 };
  let tagsFailure: string | undefined;

  const onJudged = (judged: readonly Judged[]) => {
    progress.resources += judged.length;
    progress.violations += judged.filter(({ verdict }) => verdict.complianceType === 'NON_COMPLIANT').length;
    onProgress?.(progress);
  };

  const context: UnitContext = {
    ...options,
    onJudged,
    onTagsFailure: (error) => (tagsFailure ??= explain(error)),
  };
  const scanType = async (ofType: readonly ScanUnit[]) => {
    const join = inStep(signal);
    const tagsOf = sharedTags();
    await Promise.all(
      ofType
        .map((unit) => ({ unit, walker: join() }))
        .map(async ({ unit, walker }) => {
          await onFindings(await scanUnit(unit, { ...context, walker, tagsOf }));
          progress.done += 1;
          onProgress?.(progress);
        }),
    );
  };

  const lanes = Map.groupBy(units, ({ rule, region }) => `${region} ${rule.resourceType.split('::')[1]}`);
  await pMap(
    lanes.values(),
    async (lane) => {
      for (const ofType of Map.groupBy(lane, ({ rule }) => rule.resourceType).values())
        if (signal?.aborted !== true) await scanType(ofType);
    },
    { concurrency: LANES_AT_ONCE },
  );
  return defined({ tagsFailure });
};

interface UnitContext extends Omit<ScanOptions, 'units' | 'onProgress' | 'onFindings' | 'signal'> {
  readonly onJudged: (judged: readonly Judged[]) => void;
  readonly onTagsFailure: (error: unknown) => void;
}

interface InStep {
  readonly walker: Walker;
  /** The tags of all resources of the type, by ARN. */
  readonly tagsOf: (rule: Rule, session: Session) => Promise<ReadonlyMap<string, Tags>>;
}

/** Reads the tags of a type once for all of its rules. */
const sharedTags = (): InStep['tagsOf'] => {
  const loads = new Map<string | undefined, ReturnType<InStep['tagsOf']>>();
  return ({ resource = {} }, session) => {
    const tags = loads.get(resource.tagFilter) ?? tagsByArn(session, resource);
    loads.set(resource.tagFilter, tags);
    return tags;
  };
};

const scanUnit = async (
  { rule, region, parameters }: ScanUnit,
  { now, onJudged, onUnreadable, readTags, onTagsFailure, walker, tagsOf, ...options }: UnitContext & InStep,
): Promise<readonly Finding[]> => {
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
      rule: { ...rule, observe: { ...rule.observe, list: (from) => walker.walk(rule.observe.list(from)) } },
      session,
      notificationTime: now,
      full: true,
      repeatNonCompliant: true,
      judge: (resource, observation) => judgeOrExempt(judging, resource, observation),
      send: async (judged) => {
        for (const one of judged)
          found.set(resourceKey(one.resource), findingOf(one, { rule, session, now }));
        onJudged(judged);
      },
      onUnchanged: async () => {},
      vanishedReason: '',
      onUnreadable: ({ resourceType, resourceId }, error) =>
        onUnreadable({ ...place, resourceType, resourceId, message: explain(error) }, error),
    });
  } catch (error) {
    onUnreadable({ ...place, resourceType: rule.resourceType, message: explain(error) }, error);
  } finally {
    walker.leave();
  }
  const findings = [...found.values()];
  if (!readTags || findings.length === 0) return findings;
  try {
    // Tags decide nothing here: without the permission to read them, findings have none.
    const tags = await tagsOf(rule, session);
    return findings.map((finding) => tagged(finding, tags.get(finding.arn ?? '')));
  } catch (error) {
    onTagsFailure(error);
    return findings;
  }
};

/** The finding with tags of its resource, if there are any. */
export const tagged = (finding: Finding, tags: Finding['tags'] = {}): Finding =>
  Object.keys(tags).length > 0 ? { ...finding, tags } : finding;

/** The finding of a verdict, as reports have it. */
export const findingOf = (
  { resource: listed, verdict, observation }: Judged,
  { rule, session, now }: Pick<ScanUnit, 'rule'> & Pick<ScanOptions, 'session' | 'now'>,
): Finding => {
  const { command, severity, controls } = rule;
  const resource = observation ? withIdentity(listed, observation) : listed;
  const annotation = annotationOf(verdict);
  return defined({
    accountId: session.accountId,
    region: session.region,
    command,
    severity,
    resourceType: resource.resourceType,
    resourceId: resource.resourceId,
    resourceName: resource.resourceName,
    arn: arnOf(resource, session, rule.resource),
    complianceType: verdict.complianceType,
    annotation: annotation === undefined ? undefined : annotationText(annotation),
    exemption: exemptionOf(verdict),
    excluded: exclusionOf(verdict),
    controls,
    time: now.toISOString(),
  });
};
