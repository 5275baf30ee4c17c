import type { Resource } from '../aws/resource.ts';
import type { JudgeContext, Rule } from '../rule/rule.ts';
import { exempt, type Verdict } from '../rule/verdict.ts';
import { exclusionPatternFor } from './exclusions.ts';
import { exemptAnnotation, exemptionFor, type Exemption } from './exemptions.ts';
import type { Account } from './settings.ts';

/** What exempts and excludes resources. */
export interface ExemptionContext {
  readonly rule: Rule;
  readonly account: Account;
  readonly judgeContext: JudgeContext;
  readonly exemptions: readonly Exemption[];
  readonly exemptionMaxDays: number;
  /** The settings' own patterns, besides the built-in ones. */
  readonly exclusions: readonly string[];
}

/**
 * The verdict after exemptions and exclusions. Every path to a verdict, a plan or a fix uses it.
 * An exempt violation becomes NOT_APPLICABLE; one of AWS or of the landing zone stays a violation, marked as excluded.
 * @param resource With its name, ARN and tags, by which it may be exempt.
 */
export const exemptOrExclude = (
  verdict: Verdict,
  resource: Resource,
  { rule, account, judgeContext, exemptions, exemptionMaxDays, exclusions }: ExemptionContext,
): Verdict => {
  if (verdict.complianceType !== 'NON_COMPLIANT') return verdict;
  const { region, now } = judgeContext;
  const exemption = exemptionFor(exemptions, { rule, account, region, resource }, now, exemptionMaxDays);
  if (exemption) return exempt(exemption.id, exemptAnnotation(exemption));
  const excluded = exclusionPatternFor(resource, { exclusions }, judgeContext);
  return excluded === undefined ? verdict : { ...verdict, excluded };
};
