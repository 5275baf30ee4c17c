import { withArn, withTags } from '../aws/resource-tags.ts';
import type { Observation } from '../rule/rule.ts';
import { annotationOf, type Verdict } from '../rule/verdict.ts';
import { exemptAnnotation, exemptionFor } from '../settings/exemptions.ts';
import type { Violation } from '../plan/plan-fix.ts';
import { skipped, type RemediationContext, type RemediationResult } from './remediation.ts';

/** A resource as it is now. Both members are `undefined` when it is gone. */
export interface LiveState {
  readonly observation: Observation | undefined;
  readonly verdict: Verdict | undefined;
}

export const isViolating = ({ verdict }: LiveState): boolean => verdict?.complianceType === 'NON_COMPLIANT';

/** Reads and judges the live resource. Writes nothing. */
export const observeLive = async ({
  target,
  rule,
  judgeContext,
  session,
}: Pick<RemediationContext, 'target' | 'rule' | 'judgeContext' | 'session'>): Promise<LiveState> => {
  const observation = await rule.observe.get(target.resource, { session });
  return { observation, verdict: observation && rule.judge(observation.facts, judgeContext) };
};

/**
 * The violation to fix, or the result when there is none to fix.
 * Reads the resource's tags and the exemptions only for a violation.
 */
export const violationIn = async (
  { observation, verdict }: LiveState,
  context: RemediationContext,
): Promise<Violation | RemediationResult> => {
  const { target, rule, judgeContext, session } = context;
  if (!observation || !verdict) return skipped('The resource is gone.');
  if (verdict.complianceType !== 'NON_COMPLIANT')
    return skipped(annotationOf(verdict) ?? 'The resource is already compliant.');
  const named = { ...target.resource, ...observation.identity };
  const resource = await withTags(withArn(named, session, rule.resource), session, rule.resource);
  const exemption = await findExemption(resource, context);
  return exemption
    ? skipped(exemptAnnotation(exemption))
    : { rule, resource, observation, verdict, judgeContext };
};

const findExemption = async (
  resource: Violation['resource'],
  { loadExemptions, rule, account, target: { region }, judgeContext, appliedSettings }: RemediationContext,
) =>
  exemptionFor(
    await loadExemptions(),
    { rule, account, region, resource },
    judgeContext.now,
    appliedSettings.exemptionMaxDays,
  );
