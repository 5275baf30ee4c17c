import { edit, type EditStep } from '@compliance/core/rule';

import { passwordPolicy, type PasswordPolicy } from './password-policy.ts';

/**
 * The step that sets some members of the password policy and leaves the others as they are.
 * @param custom False where the account has no policy of its own. The first one replaces AWS's default, which asks for
 * three of four kinds of characters; it then asks for three kinds itself, so that no password becomes weaker.
 */
export const tightenPasswordPolicy = (
  settings: (policy: PasswordPolicy) => Partial<PasswordPolicy>,
  { custom }: { readonly custom: boolean },
): EditStep =>
  edit(passwordPolicy, (policy) => ({
    ...policy,
    ...(!custom && THREE_KINDS),
    ...settings(policy),
  }));

const THREE_KINDS = {
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  RequireNumbers: true,
} satisfies Partial<PasswordPolicy>;
