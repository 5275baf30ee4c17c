// What reads and judges an account, without what plans, fixes and stores: a scan starts in less time by this door.
export { AccountId } from './base/account-id.ts';
export { defined } from './base/defined.ts';
export { didYouMean, nearest } from './base/did-you-mean.ts';
export { errorCode, explain, failureKind, isAccessDenied, isThrottled, permanent } from './base/errors.ts';
export { isGlobMatch } from './base/glob.ts';
export { canonical, digest } from './base/json.ts';
export { decodeText } from './base/decode-text.ts';
export { readFailure, yamlFailure } from './base/file-failures.ts';
export { isPlausibleRegion, knownRegions, partitionInArn, partitionOf } from './base/region.ts';
export { assumeRole, MEMBER_ROLES, SESSION_POLICY_LENGTH } from './aws/assume-role.ts';
export { accessFailure } from './aws/access-failure.ts';
export { type AttemptOf, type CallOf, createSession, type SessionOptions } from './aws/create-session.ts';
export { type Grant, grantAction, type PolicyDocument, policyOf } from './aws/grant.ts';
export { Resource, resourceKey } from './aws/resource.ts';
export { arnOf, type Tags, tagsByArn } from './aws/resource-tags.ts';
export { type Session } from './aws/session.ts';
export { isJudgeable, parseConfigurationItem } from './rule/configuration-item.ts';
export { withIdentity } from './rule/identity.ts';
export { evaluateGrants, type JudgeContext, type Rule, SEVERITIES, type Severity } from './rule/rule.ts';
export { annotationText } from './rule/texts.ts';
export { annotationOf, type ComplianceType, exclusionOf, exemptionOf } from './rule/verdict.ts';
export { Exemption, Exemptions, isInOu } from './settings/exemptions.ts';
export { absentServiceReason, outOfScopeReason } from './settings/rule-scope.ts';
export { formerPath, withCurrentNames } from './settings/setting-names.ts';
export {
  type Account,
  allows,
  applicableTo,
  parametersOf,
  parseSettings,
  Settings,
} from './settings/settings.ts';
export { judgeOrExempt, withTagsForExemptions } from './evaluate/judge.ts';
export { type Judged, sweep } from './evaluate/sweep.ts';
