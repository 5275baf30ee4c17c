import { entitiesIn, type Entity } from '@compliance/iam-account';
import { isPatternMatch } from '@compliance/policy-document';
import type * as z from 'zod';

import type { Facts } from './observe.ts';

interface Allowed {
  readonly allowedPolicyArns: readonly string[];
  readonly exemptRoleNamePatterns: readonly string[];
}

/** The entities that a full-admin policy must not be attached to; none when the settings allow the policy. */
export const violatingEntities = (
  { arn, fullAdmin, users, groups, roles }: z.infer<typeof Facts>,
  { allowedPolicyArns, exemptRoleNamePatterns }: Allowed,
): readonly Entity[] => {
  if (fullAdmin.length === 0 || matchesAny(allowedPolicyArns, arn)) return [];
  return entitiesIn({ users, groups, roles }).filter(
    ({ kind, name }) => kind !== 'role' || !matchesAny(exemptRoleNamePatterns, name),
  );
};

const matchesAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => isPatternMatch(pattern, name));
