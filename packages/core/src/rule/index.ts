// The entry point for authors of rules: all that they need, and nothing more.
export { AccountId } from '../base/account-id.ts';
export { defined } from '../base/defined.ts';
export { errorCode, errorWithCode, failureKind, hasCode, permanent, transient } from '../base/errors.ts';
export { canonical, digest, type Json } from '../base/json.ts';
export type { Grant } from '../aws/grant.ts';
export { operation } from '../aws/operation.ts';
export { ACCOUNT_TYPE, Resource } from '../aws/resource.ts';
export { ec2Shape, tagsOf, type ResourceShape } from '../aws/resource-tags.ts';
export type { Session } from '../aws/session.ts';
export { firstOf, shortened } from './names.ts';
export { observeAccount, type Reads } from './observe-account.ts';
export {
  call,
  change,
  edit,
  undoCall,
  type CallStep,
  type Change,
  type EditStep,
  type Fix,
} from './change.ts';
export type { ConfigurationItem } from './configuration-item.ts';
export {
  defineRule,
  type FixInput,
  type JudgeContext,
  type Listed,
  type Observation,
  type Permissions,
  type Rule,
} from './rule.ts';
export { defineSharedDocument, type SharedDocument } from './shared-document.ts';
export { compliant, nonCompliant, notApplicable, type Verdict } from './verdict.ts';
