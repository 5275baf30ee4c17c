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

export const identityOf = (by: Principal | ServicePrincipal): Identity => {
  if (!('type' in by)) return { type: 'service', name: by.service };
  const arns = by.type === 'role' ? [by.arn, by.roleArn] : [by.arn];
  return { type: 'aws', arns, accountId: by.accountId };
};

/** The global condition keys of a request; see `Context` for keys that are `undefined` or not listed. */
export const contextOf = (
  by: Principal | ServicePrincipal,
  region: string,
  organization: OrganizationAccounts | undefined,
): Context => {
  const accountId = 'type' in by ? by.accountId : undefined;
  const member = accountId !== undefined && organization?.accountIds().includes(accountId) === true;
  return {
    'aws:principalarn': 'type' in by ? (by.type === 'role' ? by.roleArn : by.arn) : undefined,
    'aws:principalaccount': accountId,
    'aws:principalorgid': member ? organization.id : undefined,
    'aws:principaltype': 'type' in by ? (by.type === 'role' ? 'AssumedRole' : 'Account') : undefined,
    'aws:principalisawsservice': String(!('type' in by)),
    'aws:principalservicename': 'type' in by ? undefined : by.service,
    'aws:userid': 'type' in by ? by.userId : undefined,
    'aws:username': undefined,
    'aws:multifactorauthpresent': undefined,
    'aws:sourceaccount': 'type' in by ? undefined : by.sourceAccount,
    'aws:sourcearn': 'type' in by ? undefined : by.sourceArn,
    'aws:requestedregion': region,
    // Plain HTTP on loopback counts as TLS.
    'aws:securetransport': 'true',
    'aws:viaawsservice': 'false',
    'sts:externalid': undefined,
    'iam:passedtoservice': undefined,
    'lambda:functionurlauthtype': undefined,
  };
};

/** The condition keys of a service, from the parameters of the call. */
export const callContext = (call: Call): Context =>
  call.service === 's3'
    ? {
        's3:prefix': text(call, 'Prefix'),
        's3:x-amz-acl': text(call, 'ACL'),
        's3:x-amz-server-side-encryption': text(call, 'ServerSideEncryption'),
        's3:x-amz-server-side-encryption-aws-kms-key-id': text(call, 'SSEKMSKeyId'),
        's3:tlsversion': '1.3',
      }
    : {};
