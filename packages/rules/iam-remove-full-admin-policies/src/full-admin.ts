import { shortened } from '@compliance/core/rule';
import {
  includes,
  includesAll,
  parsePolicy,
  statementsOf,
  type Patterns,
  type Statement,
} from '@compliance/policy-document';

/**
 * What of a policy makes an administrator: `Action *`, or `NotAction` with what it leaves out. Empty: nothing.
 * A Condition does not matter: it limits when somebody is an administrator, not what an administrator may do.
 */
export const fullAdminOf = (document: unknown): string[] =>
  statementsOf(parsePolicy(document)).flatMap((statement) => {
    const { effect, actions, resources } = statement;
    if (effect !== 'Allow' || !areAllResources(resources) || !isFullAdmin(statement)) return [];
    return actions.except ? `Every action but ${shortened(actions.patterns.join(', '), 30)}` : 'Every action';
  });

/** `NotResource` leaves some out, and so lets in all others, among them users and roles. */
const areAllResources = (resources: Patterns): boolean =>
  resources.except
    ? resources.patterns.length > 0 && !includesAll({ except: false, patterns: resources.patterns })
    : includesAll(resources);

/** Who may write policies can grant itself what `NotAction` left out. */
const isFullAdmin = ({ actions }: Pick<Statement, 'actions'>): boolean =>
  actions.except ? POLICY_WRITES.every((action) => includes(actions, action)) : includesAll(actions);

const POLICY_WRITES = [
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:CreatePolicyVersion',
  'iam:PutUserPolicy',
];
