export * from './observe-password-policy.ts';
export * from './password-policy.ts';
export * from './tighten-password-policy.ts';
