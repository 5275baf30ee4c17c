export { describePasswordPolicy, observePasswordPolicy } from './observe-password-policy.ts';
export { PASSWORD_POLICY_PERMISSIONS, passwordPolicy } from './password-policy.ts';
export { tightenPasswordPolicy } from './tighten-password-policy.ts';
