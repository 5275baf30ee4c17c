export { definePasswordRule } from './define-password-rule.ts';
export { observePasswordPolicy } from './observe-password-policy.ts';
export { PASSWORD_POLICY_PERMISSIONS } from './password-policy.ts';
export { requireCharacters } from './require-characters.ts';
