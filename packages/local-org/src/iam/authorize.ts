import type { AwsError } from '../protocol/aws-error.ts';
import type { Buckets } from './buckets.ts';
import { operationName, type Call, type Principal } from '../protocol/call.ts';
import type { Context } from './condition.ts';
import type { EventPolicies } from './event-policies.ts';
import type { FunctionPolicies } from './function-policies.ts';
import type { RequiredPermission } from '../permissions/required-permission.ts';
import { requiredPermissions } from '../permissions/all-services.ts';
import { evaluatePolicy, parsePolicy, type Decision, type PolicyDocument } from './policy.ts';
import {
  callContext,
  contextOf,
  identityOf,
  type OrganizationAccounts,
  type ServicePrincipal,
} from './request-context.ts';
import type { Roles } from './roles.ts';
import { accessDenied } from '../protocol/service-error.ts';

export interface Authorizer {
  /** Judges a call by identity policies, session policy and - where they matter - resource policies. @throws {AwsError} when it is refused. */
  readonly authorize: (call: Call) => Promise<void>;
  /** May this service or principal invoke the function? @throws {AwsError} AccessDeniedException when not. */
  readonly authorizeInvoke: (functionArn: string, by: ServicePrincipal | Principal) => Promise<void>;
  /** May this principal, or a service by itself, do this? @throws {AwsError} AccessDeniedException when not. */
  readonly authorizePermission: (need: RequiredPermission, by: ServicePrincipal | Principal) => Promise<void>;
  /** Do the caller's own policies allow this? */
  readonly evaluateIdentityPolicies: (
    principal: Principal,
    need: RequiredPermission,
    context: Context,
  ) => Promise<PolicyDecision>;
}

interface PolicyDecision {
  readonly decision: Decision;
  /** The kind of policy that decided: 'identity-based' or 'session'. */
  readonly by: string;
}

interface Dependencies {
  readonly functionPolicies: FunctionPolicies;
  readonly eventPolicies: EventPolicies;
  readonly roles: Roles;
  readonly buckets: Buckets;
  readonly organization: OrganizationAccounts | undefined;
}

export const createAuthorizer = ({
  functionPolicies,
  eventPolicies,
  roles,
  buckets,
  organization,
}: Dependencies): Authorizer => {
  const judgeIdentity: Authorizer['evaluateIdentityPolicies'] = async (principal, need, context) => {
    if (principal.type === 'admin') return { decision: 'allowed', by: 'identity-based' };
    const request = { ...need, context: { ...context, ...need.context } };
    const identity = evaluatePolicy(await roles.policies(principal.accountId, principal.roleName), request);
    if (identity !== 'allowed' || principal.sessionPolicy === undefined)
      return { decision: identity, by: 'identity-based' };
    return { decision: evaluatePolicy([parsePolicy(principal.sessionPolicy)], request), by: 'session' };
  };

  const policiesOf = async (resource: string): Promise<readonly PolicyDocument[]> => {
    const [, , service, , , kind = '', name] = resource.split(':');
    if (service === 'lambda' && kind === 'function' && name !== '*') {
      const policy = await functionPolicies.of(resource);
      return policy === undefined ? [] : [policy];
    }
    return service === 'events' && kind.startsWith('event-bus/') ? eventPolicies.ofBus(resource) : [];
  };

  /** The policies on the resource and the account that owns it. */
  const resourceSide = async ({
    resource,
  }: RequiredPermission): Promise<{ owner: string | undefined; policies: readonly PolicyDocument[] }> => {
    const [, , service, , account = '', ...rest] = resource.split(':');
    if (service === 's3') {
      const [bucket = ''] = rest.join(':').split('/');
      const policy = buckets.policyOf(bucket);
      return {
        owner: buckets.ownerOf(bucket),
        policies: policy === undefined ? [] : [parsePolicy(policy)],
      };
    }
    return { owner: account === '' ? undefined : account, policies: await policiesOf(resource) };
  };

  const judge = async (
    principal: Principal,
    need: RequiredPermission,
    context: Context,
  ): Promise<PolicyDecision> => {
    const own = await judgeIdentity(principal, need, context);
    if (own.decision !== 'allowed') return own;
    const { owner = principal.accountId, policies } = await resourceSide(need);
    const identity = identityOf(principal);
    const resourceContext = { ...context, ...need.context, 'aws:resourceaccount': owner };
    const granted = evaluatePolicy(policies, { ...need, context: resourceContext, identity });
    const refused =
      granted === 'explicitly-denied' ||
      (owner !== principal.accountId && granted !== 'allowed' && !isShared(need));
    return refused ? { decision: granted, by: 'resource-based' } : own;
  };

  const authorizeNeed: Authorizer['authorizePermission'] = async (need, by) => {
    const [, , service = '', region = ''] = need.resource.split(':');
    const context = contextOf(by, region, organization);
    const spoken = { service, protocol: 'rest-json' } as const;
    if ('type' in by) {
      const judgement = await judge(by, need, context);
      if (judgement.decision !== 'allowed') throw refusal(spoken, by.arn, need, judgement);
      return;
    }
    const policies =
      service === 'logs' ? await eventPolicies.ofLogs(need.resource) : await policiesOf(need.resource);
    const decision = evaluatePolicy(policies, { ...need, context, identity: identityOf(by) });
    if (decision !== 'allowed') throw refusal(spoken, by.service, need, { decision, by: 'resource-based' });
  };

  return {
    evaluateIdentityPolicies: judgeIdentity,
    authorize: async (call) => {
      if (call.principal.type === 'admin') return;
      const needs = requiredPermissions(call);
      if (needs === undefined) {
        const name = operationName(call);
        throw accessDenied(
          call,
          `The local organization does not know which IAM action ${name} needs: add it to its permissions.ts.`,
        );
      }
      const context = { ...contextOf(call.principal, call.region, organization), ...callContext(call) };
      for (const need of needs) {
        const judgement = await judge(call.principal, need, context);
        if (judgement.decision !== 'allowed') throw refusal(call, call.principal.arn, need, judgement);
      }
    },
    authorizePermission: authorizeNeed,
    authorizeInvoke: async (functionArn, by) =>
      authorizeNeed({ action: 'lambda:InvokeFunction', resource: functionArn }, by),
  };
};

// A document shared with an account carries its permission in the document; who answers the call looks at that.
const isShared = ({ action }: RequiredPermission): boolean => action.startsWith('ssm:');

const refusal = (
  call: Pick<Call, 'service' | 'protocol'>,
  who: string,
  { action, resource }: RequiredPermission,
  { decision, by }: PolicyDecision,
): AwsError => {
  const why =
    decision === 'explicitly-denied'
      ? `with an explicit deny in a ${by} policy`
      : `because no ${by} policy allows the ${action} action`;
  return accessDenied(
    call,
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  );
};
