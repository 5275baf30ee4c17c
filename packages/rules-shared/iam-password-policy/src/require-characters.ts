import type { Rule } from '@compliance/core/rule';
import * as z from 'zod';

import { definePasswordRule } from './define-password-rule.ts';
import type { PasswordPolicy } from './password-policy.ts';

interface RequiredCharacters extends Pick<Rule, 'command' | 'controls' | 'equivalents'> {
  /** `a symbol` */
  readonly character: string;
  readonly member: Extract<keyof PasswordPolicy, `Require${string}`>;
  /** The member's name in Terraform. */
  readonly terraform: string;
}

/** Defines a rule that each password contains a character of one kind. */
export const requireCharacters = ({ character, member, terraform, ...rule }: RequiredCharacters) =>
  definePasswordRule({
    ...rule,
    title: `Passwords of IAM users contain ${character}`,
    rationale: 'Each kind of characters in a password makes it harder to guess or to crack.',
    severity: 'medium',
    parameters: z.object({}),
    facts: z.object({ custom: z.boolean(), required: z.boolean() }),
    factsOf: ({ custom, policy }) => ({ custom, required: policy[member] }),
    violation: ({ required }) => (required ? undefined : `does not require ${character}`),
    fix: () => ({
      description: `Require ${character} in a new password`,
      risk: 'safe',
      settings: () => ({ [member]: true }),
      terraform: `${terraform} = true`,
    }),
  });
