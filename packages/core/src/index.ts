// What the other packages use. A rule's author needs `@compliance/core/rule` alone.
export { AccountId } from './base/account-id.ts';
export { cached } from './base/cached.ts';
export { systemClock, type Clock } from './base/clock.ts';
export { defined } from './base/defined.ts';
export { didYouMean, nearest } from './base/did-you-mean.ts';
export type { ErrorCode } from './base/error-codes.ts';
export {
  errorCode,
  explain,
  failureKind,
  hasCode,
  isAccessDenied,
  isThrottled,
  permanent,
  transient,
} from './base/errors.ts';
export { parseVariables } from './base/parse.ts';
export { isGlobMatch } from './base/glob.ts';
export { ChangeId, PlanId } from './base/ids.ts';
export { canonical, digest, isPlainObject } from './base/json.ts';
export { decodeText } from './base/decode-text.ts';
export { readFailure, yamlFailure } from './base/file-failures.ts';
export { explainIssues } from './base/zod-sentences.ts';
export {
  isPlausibleRegion,
  knownRegions,
  notARegion,
  partitionInArn,
  partitionOf,
  Region,
  stsOrigin,
} from './base/region.ts';
export {
  assumeRole,
  createEvaluateSessions,
  createRemediateSessions,
  MEMBER_ROLES,
  SESSION_POLICY_LENGTH,
} from './aws/assume-role.ts';
export { accessFailure } from './aws/access-failure.ts';
export { expectedBucketOwner } from './aws/bucket-owner.ts';
export { createSession, type AttemptOf, type CallOf, type SessionOptions } from './aws/create-session.ts';
export { engineGrants } from './aws/engine-grants.ts';
export { grantAction, policyOf, type Grant, type PolicyDocument } from './aws/grant.ts';
export { PROOF_HEADER, proofSubject, verifyIdentityProof, type Caller } from './aws/identity-proof.ts';
export { operationId } from './aws/operation.ts';
export { ACCOUNT_TYPE, Resource, resourceKey } from './aws/resource.ts';
export { arnOf, tagsByArn, type Tags } from './aws/resource-tags.ts';
export type { ClientClass, Session } from './aws/session.ts';
export { change, type CallStep, type Change, type Fix } from './rule/change.ts';
export { isJudgeable, parseConfigurationItem } from './rule/configuration-item.ts';
export { withIdentity } from './rule/identity.ts';
export {
  defineRule,
  evaluateGrants,
  remediateGrants,
  SEVERITIES,
  type JudgeContext,
  type Phase,
  type Rule,
  type Severity,
} from './rule/rule.ts';
export { annotationText } from './rule/texts.ts';
export { annotationOf, compliant, exclusionOf, exemptionOf, type ComplianceType } from './rule/verdict.ts';
export { createAccountContacts, type AccountContacts } from './settings/account-contacts.ts';
export {
  daysUntil,
  Exemption,
  Exemptions,
  isInOu,
  parseExemptions,
  reachesEveryAccount,
  type ExemptionsSource,
} from './settings/exemptions.ts';
export {
  absentServiceReason,
  concernsAccount,
  outOfScopeReason,
  withRecordedTriggers,
} from './settings/rule-scope.ts';
export { withConfiguredGrants } from './settings/configured-grants.ts';
export { formerNamesIn, formerPath, withCurrentNames, withFormerNames } from './settings/setting-names.ts';
export {
  accountIn,
  allows,
  applicableTo,
  cachedSettings,
  Mode,
  MODES,
  parametersOf,
  parseSettings,
  revisionOf,
  ruleKeysFor,
  Settings,
  type Account,
  type Applicable,
  type SettingsSource,
} from './settings/settings.ts';
export type { HostedDashboard } from './settings/hosted-dashboard.ts';
export { describeDelta, differenceOf, pathText } from './plan/difference.ts';
export { planFix } from './plan/plan-fix.ts';
export { Plan, planIdOf, type PlannedStep } from './plan/plan.ts';
export {
  actorOf,
  auditEvent,
  AuditEvent,
  REMEDIATION_OUTCOMES,
  SCHEMA_VERSION,
  type RemediationOutcome,
} from './audit/audit-event.ts';
export type { BlockedBy } from './audit/blocker.ts';
export {
  deliverOrKeep,
  SINKS,
  type Deliver,
  type Publisher,
  type Sink,
  type SinkName,
} from './audit/publisher.ts';
export { shouldNotify } from './audit/should-notify.ts';
export {
  openJournal,
  readChange,
  storedHeader,
  type JournalHeader,
  type StepOutcome,
  type StoredChange,
} from './state/journal.ts';
export { isOutdated, shownDigestOf, storedPlan, type PlanRecord } from './state/plan-record.ts';
export { listPlans, readPlan, storePlan, transitionPlan } from './state/plans.ts';
export { DECISIVE_ROWS, ROW_ACCESS, ROWS_OF_KEEPER, ROWS_OF_PEOPLE } from './state/row-access.ts';
export type { Table } from './state/table.ts';
export {
  DEAD_LETTER_LINE,
  keepUndelivered,
  listDeadLetters,
  redeliver,
  replayDeadLetter,
} from './state/undelivered.ts';
export { parseConfigRuleEvent, type ConfigRuleEvent } from './config/config-rule-event.ts';
export { configRuleName, PACK_SUFFIX, withoutPackSuffix } from './config/config-rule-name.ts';
export { toPutEvaluation, type Evaluation } from './config/evaluation.ts';
export { putEvaluations } from './config/put-evaluations.ts';
export { planByHand, type HandPlan } from './remediate/plan-by-hand.ts';
export { RECOVERY_ALIAS, REMEDIATION_FUNCTION } from './remediate/recovery-alias.ts';
export type { RecoveryRequest } from './remediate/recovery-request.ts';
export { createRemediate } from './remediate/remediate.ts';
export { parseRemediationEvent, RemediationEvent } from './remediate/remediation-event.ts';
export { REMEDIATION_DOCUMENT } from './remediate/automation-execution.ts';
export type { RemediationAnswer } from './remediate/remediation.ts';
export { runSteps } from './remediate/run-steps.ts';
export { createEvaluate } from './evaluate/evaluate.ts';
export { judgeOrExempt, withTagsForExemptions } from './evaluate/judge.ts';
export { sweep, type Judged } from './evaluate/sweep.ts';
export { OPERATOR_ALIAS } from './operate/operator-alias.ts';
export {
  OPERATOR_STATUSES,
  type OperateDependencies,
  type OperatorAnswer,
  type OperatorRequest,
} from './operate/operator-request.ts';
export { undoActionFor, undoBlockedReason, type UndoAction } from './operate/undo-action.ts';
export { undoSteps } from './operate/undo-steps.ts';
