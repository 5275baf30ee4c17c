import * as z from 'zod';

import { managedPolicyDocument } from '../emulator/managed-policies.ts';
import { awsError, type AwsError } from '../protocol/aws-error.ts';
import { text, type Call, type Principal } from '../protocol/call.ts';
import type { Authorizer } from './authorize.ts';
import type { Context } from './condition.ts';
import type { Credentials, KeyRing } from './credentials.ts';
import { evaluatePolicy, parsePolicy, type Identity } from './policy.ts';
import {
  contextOf,
  resourceOrganization,
  identityOf,
  type OrganizationAccounts,
  type ServicePrincipal,
} from './request-context.ts';
import type { Role, Roles } from './roles.ts';

interface AssumedRole {
  readonly credentials: Credentials;
  readonly principal: Principal;
}

export interface AssumeRole {
  /** The API operation. @throws {AwsError} as STS does. */
  readonly byCall: (call: Call) => Promise<AssumedRole>;
  /**
   * A service assumes a role for its work, such as Lambda the execution role.
   * @throws {AwsError} AccessDenied when the trust policy does not allow it.
   */
  readonly byService: (
    roleArn: string,
    service: ServicePrincipal,
    sessionName: string,
  ) => Promise<AssumedRole>;
}

interface Dependencies {
  readonly roles: Roles;
  readonly keys: KeyRing;
  readonly organization: OrganizationAccounts | undefined;
  readonly evaluateIdentityPolicies: Authorizer['evaluateIdentityPolicies'];
}

type FoundRole = Role & { readonly accountId: string; readonly roleName: string };

const CHAINED_MAX_SECONDS = 3600;
const POLICY_MAX_CHARACTERS = 2048;

export const createAssumeRole = (deps: Dependencies): AssumeRole => ({
  byCall: async (call) => assumeByCall(deps, call),
  byService: async (roleArn, service, sessionName) => {
    const role = await findRole(deps, roleArn, service.service);
    const [, , , region = ''] = service.sourceArn?.split(':') ?? [];
    if (!trusts(role, identityOf(service), contextOf(service, region, deps.organization)))
      throw denied(service.service, roleArn);
    return issue(deps, role, sessionName, CHAINED_MAX_SECONDS);
  },
});

const assumeByCall = async (deps: Dependencies, call: Call): Promise<AssumedRole> => {
  const { principal, region } = call;
  const { roleArn, sessionName, durationSeconds, externalId, sessionPolicies } = await parseAssumeRole(call);
  const role = await findRole(deps, roleArn, principal.arn);
  if (durationSeconds > role.maxSessionSeconds) {
    throw awsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  const context: Context = {
    ...contextOf(principal, region, deps.organization),
    'sts:externalid': externalId,
    'sts:rolesessionname': sessionName,
    'aws:resourceaccount': role.accountId,
    ...resourceOrganization(role.accountId, deps.organization),
  };
  if (!trusts(role, identityOf(principal), context)) throw denied(principal.arn, roleArn);

  const isSameAccount = role.accountId === principal.accountId;
  const isNamed = isSameAccount && trusts(role, withoutAccount(identityOf(principal)), context);
  const permission = { action: 'sts:AssumeRole', resource: roleArn };
  const { decision } = await deps.evaluateIdentityPolicies(principal, permission, context);
  // Within one account, trust in the principal itself is enough; trust in the account leaves it to the caller's policies.
  if (decision === 'explicitly-denied' || (decision === 'implicitly-denied' && !isNamed))
    throw denied(principal.arn, roleArn);
  return issue(deps, role, sessionName, durationSeconds, sessionPolicies);
};

const findRole = async ({ roles }: Dependencies, roleArn: string, caller: string): Promise<FoundRole> => {
  const [, , , , accountId = '', path = ''] = roleArn.split(':');
  const roleName = path.split('/').at(-1) ?? '';
  const role = await roles.role(accountId, roleName);
  // STS does not reveal whether a role exists.
  if (role?.arn !== roleArn) throw denied(caller, roleArn);
  return { ...role, accountId, roleName };
};

const issue = (
  { keys }: Dependencies,
  role: FoundRole,
  sessionName: string,
  ttlSeconds: number,
  sessionPolicies: readonly string[] = [],
): AssumedRole => {
  const [, partition] = role.arn.split(':');
  const principal: Principal = {
    type: 'role',
    accountId: role.accountId,
    arn: `arn:${partition}:sts::${role.accountId}:assumed-role/${role.roleName}/${sessionName}`,
    userId: `${role.id}:${sessionName}`,
    roleArn: role.arn,
    roleName: role.roleName,
    sessionPolicies,
  };
  return { principal, credentials: keys.issue(principal, ttlSeconds) };
};

const trusts = (role: Role, identity: Identity, context: Context): boolean =>
  evaluatePolicy([parsePolicy(role.trustPolicy)], {
    action: 'sts:AssumeRole',
    resource: role.arn,
    context,
    identity,
  }) === 'allowed';

const withoutAccount = (identity: Identity): Identity =>
  identity.type === 'aws' ? { type: 'aws', arns: identity.arns } : identity;

const parseAssumeRole = async (call: Call) => {
  const unsupported = [
    'Tags',
    'TransitiveTagKeys',
    'SourceIdentity',
    'SerialNumber',
    'ProvidedContexts',
  ].find((name) => call.input[name] !== undefined);
  if (unsupported !== undefined) {
    throw awsError(
      'ValidationError',
      `Not supported by the local organization: parameter ${unsupported} of AssumeRole.`,
    );
  }
  const sessionName = text(call, 'RoleSessionName') ?? '';
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName))
    throw invalid('roleSessionName', sessionName, String.raw`pattern: [\w+=,.@-]{2,64}`);
  const durationSeconds = Number(text(call, 'DurationSeconds') ?? CHAINED_MAX_SECONDS);
  if (!(durationSeconds >= 900 && durationSeconds <= 43_200))
    throw invalid('durationSeconds', String(durationSeconds), '900 to 43200 seconds');
  if (call.principal.type === 'role' && durationSeconds > CHAINED_MAX_SECONDS) {
    throw awsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  const sessionPolicy = text(call, 'Policy');
  if (sessionPolicy !== undefined) assertSessionPolicy(sessionPolicy);
  return {
    roleArn: text(call, 'RoleArn') ?? '',
    sessionName,
    durationSeconds,
    externalId: text(call, 'ExternalId'),
    sessionPolicies: [
      ...(sessionPolicy === undefined ? [] : [sessionPolicy]),
      ...(await Promise.all(policyArns(call).map(managedPolicy))),
    ],
  };
};

const PolicyArns = z.array(z.object({ arn: z.string() })).max(10);

const policyArns = (call: Call): readonly string[] =>
  PolicyArns.parse(call.input['PolicyArns'] ?? []).map(({ arn }) => arn);

const managedPolicy = async (arn: string): Promise<string> => {
  const [, name] = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  if (name === undefined)
    throw awsError(
      'ValidationError',
      `Not supported by the local organization: ${arn} as a session policy. Use one that AWS manages.`,
    );
  const document = await managedPolicyDocument(name);
  if (document === undefined) throw awsError('ValidationError', `PolicyArn ${arn} does not exist.`);
  return JSON.stringify(document);
};

const assertSessionPolicy = (policy: string): void => {
  if (policy.length > POLICY_MAX_CHARACTERS) {
    throw invalid(
      'policy',
      `${policy.length} characters`,
      `Member must have length less than or equal to ${POLICY_MAX_CHARACTERS}`,
    );
  }
  try {
    parsePolicy(policy);
  } catch (cause) {
    throw awsError('MalformedPolicyDocument', cause instanceof Error ? cause.message : String(cause));
  }
};

const invalid = (name: string, value: string, constraint: string): AwsError =>
  awsError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ${constraint}`,
  );

const denied = (caller: string, roleArn: string): AwsError =>
  awsError(
    'AccessDenied',
    `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );
