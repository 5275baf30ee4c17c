import {
  includesAll,
  isPatternMatch,
  statementsOf,
  type Condition,
  type PolicyContent,
  type Statement,
} from '@compliance/policy-document';
import * as z from 'zod';

export const Facts = z.object({
  hasPolicy: z.boolean(),
  /** What denies plain HTTP for all of S3, to everybody, on the bucket and its objects. */
  denial: z.enum(['transport', 'tls-version', 'none']),
  /** The Sids of statements that deny plain HTTP in part. */
  partial: z.array(z.string()),
});
type Facts = z.infer<typeof Facts>;

/** How a policy denies plain HTTP. The bucket and its objects may be in different statements. */
export const httpDenialOf = (policy: PolicyContent | undefined, arn: string): Facts => {
  const denials = statementsOf(policy ?? { Statement: [] }).filter(
    ({ effect, conditions }) => effect === 'Deny' && conditions.some((one) => kindOf(one) !== undefined),
  );
  const isDenied = (kinds: readonly Denial[]) => {
    const full = denials.filter((statement) => kinds.includes(fullDenialOf(statement)));
    return [isBucket(arn), isAnyObject(arn)].every((covers) => full.some(covers));
  };
  const denial = isDenied(['transport'])
    ? 'transport'
    : isDenied(['transport', 'tls-version'])
      ? 'tls-version'
      : 'none';
  const partial = denial === 'none' ? denials.map(({ sid }) => sid ?? 'without Sid') : [];
  return { hasPolicy: policy !== undefined, denial, partial };
};

type Denial = 'transport' | 'tls-version' | undefined;

/** What a statement denies to everybody, for all actions and with no further condition. */
const fullDenialOf = ({ principals, actions, conditions: [condition, ...others] }: Statement): Denial => {
  const isForAll = principals?.anyone === true && !principals.except;
  const isForS3 =
    !actions.except && (includesAll(actions) || actions.patterns.some((one) => /^s3:\*$/i.test(one)));
  return isForAll && isForS3 && condition && others.length === 0 ? kindOf(condition) : undefined;
};

/**
 * A request over plain HTTP has no TLS version, so that a condition on it must hold without the key.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
 */
const kindOf = ({ operator, optional, key, values }: Condition): Denial => {
  if (operator === 'bool' && key === 'aws:securetransport')
    return values.length > 0 && values.every((value) => value.toLowerCase() === 'false')
      ? 'transport'
      : undefined;
  return operator === 'numericlessthan' &&
    optional &&
    key === 's3:tlsversion' &&
    values.some((value) => Number(value) >= 1.2)
    ? 'tls-version'
    : undefined;
};

const isBucket =
  (arn: string) =>
  ({ resources }: Statement): boolean =>
    !resources.except && resources.patterns.some((pattern) => isPatternMatch(pattern, arn));

/** A pattern with `*` at its end that matches the empty key matches every key. */
const isAnyObject =
  (arn: string) =>
  ({ resources }: Statement): boolean =>
    !resources.except &&
    resources.patterns.some((pattern) => pattern.endsWith('*') && isPatternMatch(pattern, `${arn}/`));
