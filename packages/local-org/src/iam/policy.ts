import * as z from 'zod';
import { conditionMet, fillVariables, type Context } from './condition.ts';
import { globMatches } from './glob.ts';
import { PolicyError } from './policy-error.ts';

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const scalars = z.union([scalar, z.array(scalar)]).transform((value) => [value].flat());

// Strict: an unsupported element (NotPrincipal) is an error, never silently ignored.
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany.optional(),
  NotAction: oneOrMany.optional(),
  Resource: oneOrMany.optional(),
  NotResource: oneOrMany.optional(),
  Principal: z
    .union([
      z.literal('*').transform(() => ({ AWS: ['*'] })),
      z.strictObject({
        AWS: oneOrMany.optional(),
        Service: oneOrMany.optional(),
        Federated: oneOrMany.optional(),
      }),
    ])
    .optional(),
  Condition: z.record(z.string(), z.record(z.string(), scalars)).optional(),
});

const policySchema = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([statementSchema, z.array(statementSchema)]).transform((value) => [value].flat()),
});

type Statement = z.infer<typeof statementSchema>;
export type PolicyDocument = z.infer<typeof policySchema>;

export type Decision = 'allowed' | 'explicitly-denied' | 'implicitly-denied';

/** The principal of a request, in the forms that a Principal element may use. */
export type Identity =
  /** `arns`: the session and its role, or the user. `accountId`: also matched by "arn:aws:iam::<id>:root" and the bare id. */
  | { readonly type: 'aws'; readonly arns: readonly string[]; readonly accountId?: string }
  | { readonly type: 'service'; readonly name: string };

export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
  /** Only for resource-based policies, whose statements name principals. */
  readonly identity?: Identity;
}

/**
 * Parses a policy document.
 * @throws {PolicyError} when it is not JSON or has an unsupported element.
 */
export const parsePolicy = (text: string): PolicyDocument => {
  try {
    return policySchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new PolicyError(`an element of a policy document (${reason})`, { cause });
  }
};

/**
 * Evaluates policies for a request: an explicit Deny wins, no statement denies.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws {PolicyError} for an unsupported operator, condition key, variable or element.
 */
export const evaluatePolicy = (policies: readonly PolicyDocument[], request: PolicyRequest): Decision => {
  const effects = policies
    .flatMap(({ Statement: statements }) => statements)
    .filter((statement) => statementApplies(statement, request))
    .map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'explicitly-denied';
  return effects.includes('Allow') ? 'allowed' : 'implicitly-denied';
};

const statementApplies = (statement: Statement, request: PolicyRequest): boolean =>
  principalMatches(statement, request) &&
  actionMatches(statement, request.action) &&
  resourceMatches(statement, request) &&
  conditionMet(statement.Condition ?? {}, request.context);

const actionMatches = ({ Action, NotAction }: Statement, action: string): boolean => {
  const matches = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => globMatches(pattern.toLowerCase(), action.toLowerCase()));
  if (Action !== undefined) return matches(Action);
  if (NotAction !== undefined) return !matches(NotAction);
  throw new PolicyError('a statement without Action and NotAction');
};

const resourceMatches = (
  { Resource, NotResource }: Statement,
  { resource, context, identity }: PolicyRequest,
): boolean => {
  const matches = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => {
      const filled = fillVariables(pattern, context);
      return filled !== undefined && globMatches(filled, resource);
    });
  if (Resource !== undefined) return matches(Resource);
  if (NotResource !== undefined) return !matches(NotResource);
  // A trust policy belongs to its role and names no resource.
  if (identity !== undefined) return true;
  throw new PolicyError('an identity policy statement without Resource and NotResource');
};

const principalMatches = ({ Principal }: Statement, { identity }: PolicyRequest): boolean => {
  if (identity === undefined) {
    if (Principal !== undefined) throw new PolicyError('the element Principal in an identity policy');
    return true;
  }
  if (Principal === undefined) throw new PolicyError('a resource policy statement without Principal');
  switch (identity.type) {
    case 'service':
      return (
        'Service' in Principal &&
        (Principal.Service ?? []).some((name) => name === identity.name || name === '*')
      );
    case 'aws': {
      const accountId = identity.accountId;
      return (Principal.AWS ?? []).some(
        (name) =>
          name === '*' ||
          identity.arns.includes(name) ||
          (accountId !== undefined &&
            (name === accountId || new RegExp(`^arn:[\\w-]+:iam::${accountId}:root$`).test(name))),
      );
    }
    default:
      throw new Error(`Unknown kind of identity: ${JSON.stringify(identity satisfies never)}`);
  }
};
