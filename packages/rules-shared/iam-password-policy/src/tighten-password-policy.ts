import { edit, type EditStep } from '@compliance/core/rule';

import { passwordPolicy, type PasswordPolicy } from './password-policy.ts';

/**
 * Sets some members of the password policy; the others stay as they are.
 * @param custom False: the account has no policy of its own. Its first one replaces AWS's default, which requires three
 * of four kinds of characters; so it requires three kinds as well, and no password becomes weaker.
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
