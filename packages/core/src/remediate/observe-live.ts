import { withArn, withTags } from '../aws/resource-tags.ts';
import { withIdentity } from '../rule/identity.ts';
import type { Observation } from '../rule/rule.ts';
import { annotationOf, type Verdict } from '../rule/verdict.ts';
import { exemptOrExclude } from '../settings/exempt-or-exclude.ts';
import type { Settings } from '../settings/settings.ts';
import type { Violation } from '../plan/plan-fix.ts';
import { skipped, type RemediationContext, type RemediationResult } from './remediation.ts';

/** A resource as it is now. Both members are `undefined` when it is gone. */
export interface LiveState {
  readonly observation: Observation | undefined;
  readonly verdict: Verdict | undefined;
}

export const isViolating = ({ verdict }: LiveState): boolean => verdict?.complianceType === 'NON_COMPLIANT';

/** What observing and judging one live resource depends on. */
export interface LiveContext extends Pick<
  RemediationContext,
  'rule' | 'judgeContext' | 'session' | 'account' | 'loadExemptions'
> {
  readonly target: Pick<RemediationContext['target'], 'resource'>;
  readonly appliedSettings: Pick<Settings, 'exclusions' | 'exemptionMaxDays' | 'infrastructureAsCode'>;
}

/** Reads and judges the live resource. Writes nothing. */
export const observeLive = async ({
  target,
  rule,
  judgeContext,
  session,
}: Pick<LiveContext, 'target' | 'rule' | 'judgeContext' | 'session'>): Promise<LiveState> => {
  const observation = await rule.observe.get(target.resource, { session });
  return { observation, verdict: observation && rule.judge(observation.facts, judgeContext) };
};

/** The violation to fix, or the result when there is none to fix. */
export const violationIn = async (
  live: LiveState,
  context: LiveContext,
): Promise<Violation | RemediationResult> => {
  const violation = await exemptLive(live, context);
  if (!violation) return skipped('The resource is gone.');
  return violation.verdict.complianceType === 'NON_COMPLIANT'
    ? violation
    : skipped(annotationOf(violation.verdict) ?? 'The resource is already compliant.');
};

/**
 * The live resource with its verdict after exemptions and exclusions; `undefined` when it is gone.
 * Reads the resource's tags and the exemptions only for a violation.
 */
export const exemptLive = async (
  { observation, verdict }: LiveState,
  context: LiveContext,
): Promise<Violation | undefined> => {
  const { target, rule, judgeContext, session, appliedSettings } = context;
  if (!observation || !verdict) return undefined;
  const named = withArn(withIdentity(target.resource, observation), session, rule.resource);
  const found = { rule, observation, judgeContext };
  if (verdict.complianceType !== 'NON_COMPLIANT') return { ...found, resource: named, verdict };
  const resource = await withTags(named, session, rule.resource);
  const { exemptionMaxDays, exclusions } = appliedSettings;
  const exemptions = await context.loadExemptions();
  const exempting = { ...context, exemptions, exemptionMaxDays, exclusions };
  return { ...found, resource, verdict: exemptOrExclude(verdict, resource, exempting) };
};
