export type { ConfigurationItem } from './base/configuration-item.ts';
export { type EmulatorOptions, startEmulator } from './emulator/start-emulator.ts';
export { managedPolicyDocument } from './emulator/managed-policies.ts';
export type { LocalOrg, ResourceRef, RuleFilter, RuleVerdict } from './org/local-org.ts';
export type { OrgEvent } from './base/org-event.ts';
export { type LocalOrgOptions, startLocalOrg } from './org/start-local-org.ts';
export { createOrganization } from './base/organization.ts';
