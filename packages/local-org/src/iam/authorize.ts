import { requiredPermissions } from '../permissions/required-permissions.ts';
import type { RequiredPermission } from '../permissions/required-permission.ts';
import type { AwsError } from '../protocol/aws-error.ts';
import { operationName, type Call, type Principal } from '../protocol/call.ts';
import { accessDenied } from '../protocol/service-error.ts';
import type { Buckets } from './buckets.ts';
import type { Context } from './condition.ts';
import type { EventPolicies } from './event-policies.ts';
import type { FunctionPolicies } from './function-policies.ts';
import { evaluatePolicy, parsePolicy, type Decision, type PolicyDocument } from './policy.ts';
import {
  callContext,
  contextOf,
  identityOf,
  resourceOrganization,
  type OrganizationAccounts,
  type ServicePrincipal,
} from './request-context.ts';
import type { Roles } from './roles.ts';
import type { Tables } from './tables.ts';

export interface Authorizer {
  /**
   * Authorizes a call by identity, session and resource policies.
   * @throws {AwsError} when the call is denied.
   */
  readonly authorize: (call: Call) => Promise<void>;
  /** @throws {AwsError} AccessDeniedException when the principal may not invoke the function. */
  readonly authorizeInvoke: (functionArn: string, principal: ServicePrincipal | Principal) => Promise<void>;
  /** @throws {AwsError} AccessDeniedException when the principal, or the service itself, lacks the permission. */
  readonly authorizePermission: (
    permission: RequiredPermission,
    principal: ServicePrincipal | Principal,
  ) => Promise<void>;
  /** Evaluates only the policies of the principal itself. */
  readonly evaluateIdentityPolicies: (
    principal: Principal,
    permission: RequiredPermission,
    context: Context,
  ) => Promise<PolicyDecision>;
}

interface PolicyDecision {
  readonly decision: Decision;
  readonly decidedBy: 'identity-based' | 'session' | 'resource-based';
}

interface Dependencies {
  readonly functionPolicies: FunctionPolicies;
  readonly eventPolicies: EventPolicies;
  readonly roles: Roles;
  readonly buckets: Buckets;
  readonly tables: Tables;
  readonly organization: OrganizationAccounts | undefined;
}

export const createAuthorizer = (deps: Dependencies): Authorizer => ({
  authorize: async (call) => authorizeCall(deps, call),
  authorizePermission: async (permission, principal) => authorizePermission(deps, permission, principal),
  authorizeInvoke: async (functionArn, principal) =>
    authorizePermission(deps, { action: 'lambda:InvokeFunction', resource: functionArn }, principal),
  evaluateIdentityPolicies: async (principal, permission, context) =>
    evaluateIdentityPolicies(deps, principal, permission, context),
});

const authorizeCall = async (deps: Dependencies, call: Call): Promise<void> => {
  const { principal, region } = call;
  deps.buckets.assertExpectedOwner(call);
  if (principal.type === 'admin') return;
  const permissions = await requiredPermissions(call, deps.roles.ofProfile);
  if (permissions === undefined) {
    throw accessDenied(
      call,
      `Not supported by the local organization: the IAM action of ${operationName(call)}. Add it to permissions/action-names.ts.`,
    );
  }
  const context = {
    ...contextOf(principal, region, deps.organization),
    ...callContext(call),
    ...(await deps.tables.contextOf(call)),
  };
  for (const permission of permissions) {
    const decision = await evaluate(deps, principal, permission, context);
    if (decision.decision !== 'allowed') throw denied(call, principal.arn, permission, decision);
  }
};

const authorizePermission = async (
  deps: Dependencies,
  permission: RequiredPermission,
  principal: ServicePrincipal | Principal,
): Promise<void> => {
  const [, , service = '', region = ''] = permission.resource.split(':');
  const context = contextOf(principal, region, deps.organization);
  const protocol = { service, protocol: 'rest-json' } as const;
  if ('type' in principal) {
    const decision = await evaluate(deps, principal, permission, context);
    if (decision.decision !== 'allowed') throw denied(protocol, principal.arn, permission, decision);
    return;
  }
  const policies =
    service === 'logs'
      ? await deps.eventPolicies.ofLogs(permission.resource)
      : await policiesOn(deps, permission.resource);
  const decision = evaluatePolicy(policies, { ...permission, context, identity: identityOf(principal) });
  if (decision !== 'allowed')
    throw denied(protocol, principal.service, permission, { decision, decidedBy: 'resource-based' });
};

const evaluateIdentityPolicies = async (
  { roles }: Dependencies,
  principal: Principal,
  permission: RequiredPermission,
  context: Context,
): Promise<PolicyDecision> => {
  if (principal.type === 'admin') return { decision: 'allowed', decidedBy: 'identity-based' };
  const request = { ...permission, context: { ...context, ...permission.context } };
  const policies = await roles.policies(principal.accountId, principal.roleName);
  const decision = evaluatePolicy(policies, request);
  if (decision !== 'allowed' || principal.sessionPolicies.length === 0)
    return { decision, decidedBy: 'identity-based' };
  return {
    decision: evaluatePolicy(principal.sessionPolicies.map(parsedOnce), request),
    decidedBy: 'session',
  };
};

/** ReadOnlyAccess has thousands of actions, and every call of its sessions is decided by it. */
const parsedOnce = (text: string): PolicyDocument => {
  const known = parsed.get(text) ?? parsePolicy(text);
  parsed.set(text, known);
  return known;
};
const parsed = new Map<string, PolicyDocument>();

/** Evaluates the policies of the principal and of the resource. */
const evaluate = async (
  deps: Dependencies,
  principal: Principal,
  permission: RequiredPermission,
  context: Context,
): Promise<PolicyDecision> => {
  const own = await evaluateIdentityPolicies(deps, principal, permission, context);
  if (own.decision !== 'allowed') return own;
  const { owner = principal.accountId, policies } = await resourcePolicies(deps, permission);
  const decision = evaluatePolicy(policies, {
    ...permission,
    context: {
      ...context,
      ...permission.context,
      'aws:resourceaccount': owner,
      ...resourceOrganization(owner, deps.organization),
    },
    identity: identityOf(principal),
  });
  const isDenied =
    decision === 'explicitly-denied' ||
    (owner !== principal.accountId && decision !== 'allowed' && !isShared(permission));
  return isDenied ? { decision, decidedBy: 'resource-based' } : own;
};

/** The policies on the resource and the account that owns it. */
const resourcePolicies = async (
  deps: Dependencies,
  { resource }: RequiredPermission,
): Promise<{ owner: string | undefined; policies: readonly PolicyDocument[] }> => {
  const [, , service, , account = '', ...rest] = resource.split(':');
  if (service === 's3') {
    const [bucket = ''] = rest.join(':').split('/');
    const policy = deps.buckets.policyOf(bucket);
    return {
      owner: deps.buckets.ownerOf(bucket),
      policies: policy === undefined ? [] : [parsePolicy(policy)],
    };
  }
  // Policies that AWS manages have `aws` as their account, and no policy of their own: the caller's decide.
  return {
    owner: account === '' || account === 'aws' ? undefined : account,
    policies: await policiesOn(deps, resource),
  };
};

const policiesOn = async (
  { functionPolicies, eventPolicies, tables }: Dependencies,
  resource: string,
): Promise<readonly PolicyDocument[]> => {
  const [, , service, , , kind = '', name] = resource.split(':');
  if (service === 'lambda' && kind === 'function' && name !== '*') {
    const policy = await functionPolicies.of(resource);
    return policy === undefined ? [] : [policy];
  }
  if (service === 'dynamodb' && /^table\/[^/*]+$/.test(kind)) return tables.policiesOf(resource);
  return service === 'events' && kind.startsWith('event-bus/') ? eventPolicies.ofBus(resource) : [];
};

// The permission to use a shared document is in the document; SSM checks it when it answers the call.
const isShared = ({ action }: RequiredPermission): boolean => action.startsWith('ssm:');

const denied = (
  call: Pick<Call, 'service' | 'protocol'>,
  principal: string,
  { action, resource }: RequiredPermission,
  { decision, decidedBy }: PolicyDecision,
): AwsError => {
  const reason =
    decision === 'explicitly-denied'
      ? `with an explicit deny in a ${decidedBy} policy`
      : `because no ${decidedBy} policy allows the ${action} action`;
  return accessDenied(
    call,
    `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  );
};
