export { functionEnvironment } from './functions/function-environment.ts';
export { POLICY_BYTES, functionPermissions, functionPolicyBytes } from './functions/function-permissions.ts';
export {
  CONFIG,
  POLICY_STATEMENTS,
  UNPROVEN_KEY,
  organizationPolicies,
  policyOrganization,
} from './functions/organization-policies.ts';
export { KEEPER_SETTINGS, keeperEnvironment, sealedLedger } from './functions/keeper.ts';
export { FUNCTION_SETTINGS } from './functions/function-settings.ts';
export { viewerFunction } from './hosting/viewer-function.ts';
export {
  COMPLIANCE_CHANGE,
  busPolicy,
  changesLogPolicy,
  forwardedChanges,
  forwardingRole,
  forwardingRuleName,
} from './monitoring/change-forwarding.ts';
export {
  type AccountPlace,
  type RegionalPlace,
  accountArn,
  busArn,
  documentArn,
  functionArn,
  logGroupArn,
  roleArn,
  topicArn,
} from './names/arn.ts';
export {
  ASSUMED_ROLES,
  AUDIT_LOG_GROUP,
  AUTOMATION_ROLE,
  CHANGES_LOG_GROUP,
  CHANGES_RULE,
  DOCUMENT,
  EVENT_BUS,
  EXECUTION_ROLES,
  FAILURE_QUEUE,
  FORWARDING_ROLE,
  FUNCTIONS,
  type FunctionKey,
  KEEPER,
  KEEPER_LOG_GROUP,
  KEEPER_ROLE,
  PACKS,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  VIEWER_FUNCTION,
  artifactsBucket,
  dashboardBucket,
  functionLogGroup,
  ledgerBucket,
  packBucket,
  sealedBucket,
  settingsBucket,
} from './names/names.ts';
export { automationDocument } from './packs/automation-document.ts';
export { enabledRules, isAllowedSomewhere, modeIn } from './packs/enabled-rules.ts';
export { conformancePacks } from './packs/conformance-pack.ts';
export { recordedTypes } from './packs/recorded-types.ts';
export { keeperRole } from './policies/keeper-role.ts';
export { masterRoles } from './policies/master-roles.ts';
export { memberRoles, policiesIn } from './policies/member-roles.ts';
export { preflightPolicies, preflightRole } from './policies/preflight-access.ts';
export type { NamedPolicy } from './policies/split-policy.ts';
export { tablePolicy } from './policies/table-policy.ts';
export type { RoleSpecification, TrustPolicy } from './policies/trust-policy.ts';
export { sessionPolicyProblems } from './session-policy-problems.ts';
export { settingsNotices, type SettingsNotice } from './settings-notices.ts';
export {
  type SettingsProblem,
  asSentence,
  findPlaceholders,
  findSettingsProblems,
  settingsProblems,
} from './settings-problems.ts';
export { readYamlFile } from './read-yaml-file.ts';
