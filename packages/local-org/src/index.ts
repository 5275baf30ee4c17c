export type { ConfigurationItem } from './items/configuration-item.ts';
export { type EmulatorOptions, startEmulator } from './emulator.ts';
export type { LocalOrg, ResourceRef, RuleFilter, RuleVerdict } from './local-org.ts';
export type { OrgEvent } from './org-event.ts';
export { type LocalOrgOptions, startLocalOrg } from './start-local-org.ts';
export { createOrganization } from './organization.ts';
