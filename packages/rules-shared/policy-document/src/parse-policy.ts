import { permanent, type Json } from '@compliance/core/rule';
import * as z from 'zod';

/** Names or ARNs, with wildcards. `except`: all but these, as in `NotAction`. */
export interface Patterns {
  readonly except: boolean;
  readonly patterns: readonly string[];
}

/** The principals of a statement of a resource's policy. */
export interface Principals {
  /** Everybody, also without an AWS account. `NotPrincipal` in an Allow means everybody but a few. */
  readonly anyone: boolean;
  /** Everybody but a few: `NotPrincipal`. */
  readonly except: boolean;
  /** Accounts, users and roles as the policy has them: ids, ARNs. */
  readonly aws: readonly string[];
  /** Service principals, such as `logging.s3.amazonaws.com`. */
  readonly services: readonly string[];
}

/** One key of a condition block. A statement applies if all hold; one holds if any of its values matches. */
export interface Condition {
  /** `stringequals`: in lower case, without `IfExists` and the set operators. */
  readonly operator: string;
  /** Whether it holds as well for a request that lacks the key. */
  readonly optional: boolean;
  /** In lower case: keys are not case-sensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

/** A statement in one form, however it is written: IAM accepts a single value for each list. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** Absent in a policy of an identity. */
  readonly principals: Principals | undefined;
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
}

/** A policy as AWS stores it, with its statements in a list. An edit keeps each as it is written. */
export type PolicyContent = { readonly [member: string]: Json; readonly Statement: Json[] };

/**
 * Parses a policy: JSON, URL-encoded JSON as IAM returns it, or an object.
 * @throws {ComplianceError} permanent `malformed-policy`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export const parsePolicy = (input: unknown): PolicyContent => {
  try {
    return Content.parse(typeof input === 'string' ? (JSON.parse(decodePolicy(input)) as unknown) : input);
  } catch (error) {
    throw malformed(error);
  }
};

/**
 * The statements of a policy.
 * @throws {ComplianceError} permanent `malformed-policy`
 */
export const statementsOf = ({ Statement: sources }: PolicyContent): readonly Statement[] =>
  sources.map(parseStatement);

/** @throws {ComplianceError} permanent `malformed-policy` */
export const parseStatement = (source: Json): Statement => {
  const parsed = StatementSchema.safeParse(source);
  if (!parsed.success) throw malformed(parsed.error);
  return parsed.data;
};

const malformed = (cause: unknown) =>
  permanent('malformed-policy', 'Malformed policy: it does not follow the grammar of IAM policies.', cause);

/** The text of a policy, which IAM returns URL-encoded. JSON begins with a brace, which the encoding replaces. */
export const decodePolicy = (text: string): string =>
  text.trimStart().startsWith('{') ? text : decodeURIComponent(text);

const OneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const Content = z.object({ Statement: z.json().transform((value) => [value].flat()) }).catchall(z.json());

const Values = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()]))])
  .transform((value) => [value].flat().map(String));

const PrincipalBlock = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'] })),
  z.record(z.string(), OneOrMore),
]);

const StatementSchema = z
  .object({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: PrincipalBlock.optional(),
    NotPrincipal: PrincipalBlock.optional(),
    Action: OneOrMore.optional(),
    NotAction: OneOrMore.optional(),
    Resource: OneOrMore.optional(),
    NotResource: OneOrMore.optional(),
    Condition: z.record(z.string(), z.record(z.string(), Values)).default({}),
  })
  .transform((source): Statement => ({
    sid: source.Sid,
    effect: source.Effect,
    principals: principalsOf(source),
    actions: patternsOf(source.Action, source.NotAction),
    resources: patternsOf(source.Resource, source.NotResource),
    conditions: Object.entries(source.Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({
        ...operatorOf(operator),
        key: key.toLowerCase(),
        values,
      })),
    ),
  }));

const patternsOf = (only: string[] | undefined, except: string[] | undefined): Patterns =>
  only === undefined && except !== undefined
    ? { except: true, patterns: except }
    : { except: false, patterns: only ?? [] };

const principalsOf = ({
  Principal,
  NotPrincipal,
}: {
  Principal?: Record<string, string[]> | undefined;
  NotPrincipal?: Record<string, string[]> | undefined;
}): Principals | undefined => {
  if (NotPrincipal) return { anyone: true, except: true, aws: [], services: [] };
  if (!Principal) return undefined;
  const { AWS: aws = [], Service: services = [], CanonicalUser: users = [] } = Principal;
  return { anyone: [...aws, ...users].includes('*'), except: false, aws, services };
};

/** `ForAllValues` and `IfExists` hold for a request without the key. */
const operatorOf = (operator: string) => {
  const name = operator.toLowerCase();
  return {
    operator: name.replace(/^for(all|any)values?:/, '').replace(/ifexists$/, ''),
    optional: name.startsWith('forallvalues:') || name.endsWith('ifexists'),
  };
};
