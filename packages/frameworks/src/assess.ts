import type { CoveredRequirement } from './coverage.ts';

/** What a requirement's state depends on in a finding. */
export interface JudgedResource {
  readonly command: string;
  /** `COMPLIANT`, `NON_COMPLIANT`, `NOT_APPLICABLE` or, where nothing could be evaluated, `INSUFFICIENT_DATA`. */
  readonly complianceType: string;
}

/**
 * The state of a requirement by a scan, worst first.
 * `non-compliant`: a resource violates one of its rules. `unknown`: one of its rules judged nothing, or not everything.
 * `partial`: its rules found no violation, and a person judges the rest. `compliant`: nothing remains.
 * `not-applicable`: every resource is exempt or out of scope. `manual`: no rule judges it.
 */
export type RequirementState =
  | 'non-compliant'
  | 'unknown'
  | 'partial'
  | 'compliant'
  | 'not-applicable'
  | 'manual';

/** The state of a requirement: the worst of its rules. What is not known to be compliant is not. */
export const assess = (
  { rules, detection }: Pick<CoveredRequirement, 'rules' | 'detection'>,
  findings: readonly JudgedResource[],
): RequirementState => {
  if (rules.length === 0) return 'manual';
  const states = new Set(rules.map((rule) => stateOf(findings.filter(({ command }) => command === rule))));
  const worst = RULE_STATES.find((state) => states.has(state)) ?? 'unknown';
  return detection === 'partial' && ['compliant', 'not-applicable'].includes(worst) ? 'partial' : worst;
};

const RULE_STATES = [
  'non-compliant',
  'unknown',
  'compliant',
  'not-applicable',
] as const satisfies readonly RequirementState[];

const stateOf = (findings: readonly JudgedResource[]): (typeof RULE_STATES)[number] => {
  const types = new Set(findings.map(({ complianceType }) => complianceType));
  if (types.has('NON_COMPLIANT')) return 'non-compliant';
  // Of a rule without a finding it is not known whether it was evaluated at all.
  if (types.size === 0 || types.has('INSUFFICIENT_DATA')) return 'unknown';
  return types.has('COMPLIANT') ? 'compliant' : 'not-applicable';
};
