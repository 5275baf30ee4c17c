import {
  evaluateGrants,
  policyOf,
  SESSION_POLICY_LENGTH,
  type Grant,
  type PolicyDocument,
  type Rule,
} from '@compliance/core/scan';

/** What a scan calls besides the calls of its rules. */
const SCAN_GRANTS: readonly Grant[] = ['account:ListRegions', 'ec2:DescribeRegions', 'tag:GetResources'];

/** What it calls to read AWS Config's records. */
const ITEM_GRANTS: readonly Grant[] = [
  'config:BatchGetResourceConfig',
  'config:DescribeConfigurationRecorderStatus',
  'config:DescribeConfigurationRecorders',
  'config:SelectResourceConfig',
];

export interface PolicyOptions {
  /** Whether the scan asks services; by default it does. */
  readonly live?: boolean;
  /** Whether the scan reads AWS Config's records; by default it does not. */
  readonly items?: boolean;
}

/** The least policy with which a scan of these rules reads everything it needs. */
export const readOnlyPolicy = (
  rules: readonly Rule[],
  { live = true, items = false }: PolicyOptions = {},
): PolicyDocument =>
  policyOf([
    ...(live ? [...rules.flatMap(evaluateGrants), ...SCAN_GRANTS] : []),
    ...(items ? ITEM_GRANTS : []),
  ]);

export interface SessionPolicy {
  readonly policy?: string;
  readonly policyArns?: readonly string[];
}

/**
 * The session policy of a role that may be able to write, such as OrganizationAccountAccessRole: the least policy, or
 * AWS's ReadOnlyAccess, which includes it, where the least one is longer than STS accepts.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const sessionPolicyOf = (
  rules: readonly Rule[],
  partition: string,
  options: PolicyOptions = {},
): SessionPolicy => {
  const policy = JSON.stringify(readOnlyPolicy(rules, options));
  return policy.length <= SESSION_POLICY_LENGTH
    ? { policy }
    : { policyArns: [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`] };
};
