import { accountArn, type AccountPlace } from '../names/arn.ts';
import { policyCharacters, type NamedPolicy } from './split-policy.ts';

export interface TrustPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly [TrustStatement];
}

interface TrustStatement {
  readonly Effect: 'Allow';
  readonly Action: 'sts:AssumeRole';
  readonly Principal: { readonly AWS: string } | { readonly Service: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A role with its trust policy and its managed policies. */
export interface RoleSpecification {
  readonly name: string;
  readonly trust: TrustPolicy;
  readonly policies: readonly NamedPolicy[];
}

/** IAM's default limit for a trust policy; an account can request more. */
const TRUST_CHARACTERS = 2048;

/**
 * Trusts the named identities of the master account, with the external id.
 * The account is the principal and the identity a condition: a role as the principal must exist first, and the trust
 * breaks when that role is recreated.
 * @throws {Error} for an identity that is a pattern, or when there are too many
 */
export const trustOfMaster = (
  master: AccountPlace,
  principalArns: readonly string[],
  externalId: string,
): TrustPolicy => {
  for (const arn of principalArns) assertIdentity(arn);
  const policy = trust({
    Principal: { AWS: accountArn(master) },
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': [...new Set(principalArns)] },
      StringEquals: { 'sts:ExternalId': externalId },
    },
  });
  if (policyCharacters(policy) > TRUST_CHARACTERS)
    throw new Error(
      `The trust policy for ${principalArns.length} identities is too large: IAM's limit is ${TRUST_CHARACTERS} characters. ` +
        'Let the readers share a role.',
    );
  return policy;
};

/** Trusts SSM Automation, for executions in the same account. */
export const trustOfAutomation = ({ partition, accountId }: AccountPlace): TrustPolicy =>
  trust({
    Principal: { Service: 'ssm.amazonaws.com' },
    Condition: {
      StringEquals: { 'aws:SourceAccount': accountId },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:ssm:*:${accountId}:automation-execution/*` },
    },
  });

/** Trusts EventBridge, for rules of the same account. */
export const trustOfEvents = (accountId: string, ruleArn: string): TrustPolicy =>
  trust({
    Principal: { Service: 'events.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': accountId }, ArnLike: { 'aws:SourceArn': ruleArn } },
  });

export const trustOfLambda: TrustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

const trust = (statement: Required<Pick<TrustStatement, 'Principal' | 'Condition'>>): TrustPolicy => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }],
});

// ArnEquals accepts wildcards, as ArnLike does: a pattern would trust more identities than it seems to name.
const assertIdentity = (arn: string) => {
  if (/[*?]/.test(arn) || !/^arn:.+:iam::.+:(role|user)\/.+$/.test(arn))
    throw new Error(
      `Invalid reader: '${arn}' is not the ARN of one role or user. Name readers one by one, without wildcards.`,
    );
};
