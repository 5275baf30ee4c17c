import { SESSION_POLICY_LENGTH, type Rule } from '@compliance/core';

import { sessionPolicyLength } from './policies/session-policy.ts';

/**
 * Reports the rules whose session policy is longer than STS accepts, one sentence each.
 * STS would refuse to assume the role for their remediation, so nothing may be built while there is one.
 */
export const sessionPolicyProblems = (
  rules: readonly Pick<Rule, 'command' | 'permissions'>[],
): readonly string[] =>
  rules.flatMap((rule) => {
    const length = sessionPolicyLength(rule);
    if (length <= SESSION_POLICY_LENGTH) return [];
    return [
      `The session policy of ${rule.command} is too long: ${length} characters; STS's limit is ${SESSION_POLICY_LENGTH}. ` +
        'Let its grants share resources and conditions, or split the rule in two.',
    ];
  });
