import { isPatternMatch } from '@compliance/policy-document';
import type * as z from 'zod';

import type { Facts } from './observe.ts';

/** A user, group or role that a policy is attached to. */
export interface Entity {
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
}

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
  const entities = (kind: Entity['kind'], names: readonly string[]) => names.map((name) => ({ kind, name }));
  return [
    ...entities('user', users),
    ...entities('group', groups),
    ...entities(
      'role',
      roles.filter((name) => !matchesAny(exemptRoleNamePatterns, name)),
    ),
  ];
};

const matchesAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => isPatternMatch(pattern, name));
