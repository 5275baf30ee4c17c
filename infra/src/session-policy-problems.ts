import { SESSION_POLICY_LENGTH, engineGrants, policyOf, remediateGrants, type Rule } from '@compliance/core';

/**
 * The rules whose remediation STS would refuse, because the session policy that narrows the role to the rule is
 * longer than STS takes; a sentence each. Nothing may be built while there is one.
 */
export const sessionPolicyProblems = (
  rules: readonly Pick<Rule, 'command' | 'permissions'>[],
): readonly string[] =>
  rules.flatMap((rule) => {
    const { length } = JSON.stringify(policyOf([...engineGrants.remediate, ...remediateGrants(rule)]));
    if (length <= SESSION_POLICY_LENGTH) return [];
    return [
      `The session policy of ${rule.command} has ${length} characters, and STS takes ${SESSION_POLICY_LENGTH}. ` +
        'Let its grants share resources and conditions, or make two rules of it.',
    ];
  });
