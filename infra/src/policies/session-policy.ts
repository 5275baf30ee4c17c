import { engineGrants, policyOf, remediateGrants, type Rule } from '@compliance/core';

/**
 * The characters of the policy that narrows a remediation to one rule.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const sessionPolicyLength = (rule: Pick<Rule, 'permissions'>): number =>
  JSON.stringify(policyOf([...engineGrants.remediate, ...remediateGrants(rule)])).length;
