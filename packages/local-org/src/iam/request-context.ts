import type { Call, Principal } from '../protocol/call.ts';
import { text } from '../protocol/call.ts';
import type { Context } from './condition.ts';
import type { Identity } from './policy.ts';

export interface OrganizationAccounts {
  readonly id: string;
  /** Current members. */
  readonly accountIds: () => readonly string[];
}

/** A service acting for an account, such as `config.amazonaws.com` for the account of a rule. */
export interface ServicePrincipal {
  readonly service: string;
  readonly sourceAccount?: string;
  readonly sourceArn?: string;
}

export const identityOf = (principal: Principal | ServicePrincipal): Identity => {
  if (!('type' in principal)) return { type: 'service', name: principal.service };
  const arns = principal.type === 'role' ? [principal.arn, principal.roleArn] : [principal.arn];
  return { type: 'aws', arns, accountId: principal.accountId };
};

/** The global condition keys of a request; see `Context` for keys that are `undefined` or not listed. */
export const contextOf = (
  principal: Principal | ServicePrincipal,
  region: string,
  organization: OrganizationAccounts | undefined,
): Context => {
  const caller = 'type' in principal ? principal : undefined;
  const service = 'type' in principal ? undefined : principal;
  const organizationOf = (accountId: string | undefined) =>
    accountId !== undefined && organization?.accountIds().includes(accountId) ? organization.id : undefined;
  return {
    'aws:principalarn': caller?.type === 'role' ? caller.roleArn : caller?.arn,
    'aws:principalaccount': caller?.accountId,
    'aws:principalorgid': organizationOf(caller?.accountId),
    'aws:principaltype': caller && (caller.type === 'role' ? 'AssumedRole' : 'Account'),
    'aws:principalisawsservice': String(service !== undefined),
    'aws:principalservicename': service?.service,
    'aws:userid': caller?.userId,
    'aws:username': undefined,
    'aws:multifactorauthpresent': undefined,
    'aws:resourceorgid': undefined,
    'dynamodb:leadingkeys': undefined,
    'events:source': undefined,
    'events:detail-type': undefined,
    'aws:sourceaccount': service?.sourceAccount,
    'aws:sourcearn': service?.sourceArn,
    // Unproven: that AWS Config sends it when it invokes a function.
    'aws:sourceorgid': organizationOf(service?.sourceAccount),
    'aws:requestedregion': region,
    // Plain HTTP on loopback counts as TLS.
    'aws:securetransport': 'true',
    'aws:viaawsservice': 'false',
    'sts:externalid': undefined,
    'iam:passedtoservice': undefined,
    'lambda:functionurlauthtype': undefined,
  };
};

/** The organization of the account that owns a resource. */
export const resourceOrganization = (
  accountId: string | undefined,
  organization: OrganizationAccounts | undefined,
): Context => ({
  'aws:resourceorgid':
    accountId !== undefined && organization?.accountIds().includes(accountId) ? organization.id : undefined,
});

/** The condition keys of a service, from the parameters of the call. */
export const callContext = (call: Call): Context => CONTEXTS[call.service]?.(call) ?? {};

const CONTEXTS: Readonly<Record<string, (call: Call) => Context>> = {
  s3: (call) => ({
    's3:prefix': text(call, 'Prefix'),
    's3:x-amz-acl': text(call, 'ACL'),
    's3:x-amz-server-side-encryption': text(call, 'ServerSideEncryption'),
    's3:x-amz-server-side-encryption-aws-kms-key-id': text(call, 'SSEKMSKeyId'),
    's3:tlsversion': '1.3',
  }),
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
  iam: (call) => ({ 'iam:policyarn': text(call, 'PolicyArn') }),
};
