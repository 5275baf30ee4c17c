import { statementsOf, type Condition, type PolicyContent, type Statement } from './parse-policy.ts';

/**
 * The statements that let everybody in: an Allow for anyone, which no condition restricts to someone that is known.
 * The definition is that of S3 for a public policy. A Deny of the same policy is not considered: what it leaves open is
 * not decided here.
 * @param furtherKeys condition keys of the service that restrict as well, in lower case: `kms:calleraccount`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export const publicStatements = (
  policy: PolicyContent,
  furtherKeys: readonly string[] = [],
): readonly Statement[] => statementsOf(policy).filter((statement) => isPublic(statement, furtherKeys));

/** Whether a statement lets everybody in. */
export const isPublic = (
  { effect, principals, conditions }: Statement,
  furtherKeys: readonly string[] = [],
): boolean =>
  effect === 'Allow' &&
  principals?.anyone === true &&
  !conditions.some((condition) => isRestricting(condition, furtherKeys));

/**
 * Whether a condition lets in only callers that somebody owns, such as one account, organization or VPC.
 * It must compare with fixed values, and fail for a request that lacks the key.
 */
export const isRestricting = (
  { operator, optional, key, values }: Condition,
  furtherKeys: readonly string[] = [],
): boolean => {
  if (optional || values.length === 0) return false;
  if (key === 'aws:sourceip') return operator === 'ipaddress' && values.every(isNarrowRange);
  if (!OWNED_KEYS.has(key) && !furtherKeys.includes(key)) return false;
  return EQUALITIES.has(operator) && values.every((value) => isFixed(value, key));
};

const EQUALITIES: ReadonlySet<string> = new Set([
  'stringequals',
  'stringequalsignorecase',
  'stringlike',
  'arnequals',
  'arnlike',
]);

const OWNED_KEYS: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:userid',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  // The page of S3 lacks these. Each names an account, an organization or a part of one.
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgpaths',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
]);

/**
 * A value without wildcards and variables; of an ARN, the account suffices, and of a path in an organization the
 * organization. The page of S3 does not say the last, nor that the owner of the resource is as known as any other.
 */
const isFixed = (value: string, key: string): boolean =>
  !/[*?]|\$\{/.test(value) ||
  /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(value) ||
  (key.endsWith('orgpaths') && /^o-[a-z0-9]+\//.test(value)) ||
  OWNERS.has(value.toLowerCase());

/**
 * The variables that stand for the owner of the resource: no caller chooses their values.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const OWNERS: ReadonlySet<string> = new Set([
  '${aws:resourceaccount}',
  '${aws:resourceorgid}',
  '${aws:resourceorgpaths}',
]);

/** At most a /8 of IPv4 or a /32 of IPv6. */
const isNarrowRange = (range: string): boolean => {
  const [address = '', bits] = range.split('/');
  return bits === undefined || Number(bits) >= (address.includes(':') ? 32 : 8);
};
