export {
  decodePolicy,
  parsePolicy,
  parseStatement,
  statementsOf,
  type Condition,
  type Patterns,
  type PolicyContent,
  type Principals,
  type Statement,
} from './parse-policy.ts';
export { includes, includesAll, isPatternMatch } from './patterns.ts';
export {
  definePolicyDocument,
  withStatement,
  withoutPublicAccess,
  withoutStatements,
} from './policy-edit.ts';
export { isPublic, isRestricting, publicStatements } from './public-access.ts';
