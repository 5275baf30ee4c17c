import {
  includes,
  includesAll,
  parsePolicy,
  statementsOf,
  type Condition,
} from '@compliance/policy-document';
import * as z from 'zod';

/** Actions that are denied; `except`: all but these. */
export const Denial = z.object({ except: z.boolean(), patterns: z.array(z.string()) });
export type Denial = z.infer<typeof Denial>;

/**
 * What a policy denies on every resource. A condition that lets named principals out, such as administrators for
 * emergencies, is no gap; any other condition is one.
 */
export const denialsOf = (document: string): Denial[] =>
  statementsOf(parsePolicy(document))
    .filter(
      ({ effect, resources, conditions }) =>
        effect === 'Deny' && includesAll(resources) && conditions.every(exemptsPrincipals),
    )
    .map(({ actions: { except, patterns } }) => ({ except, patterns: patterns.toSorted() }));

const exemptsPrincipals = ({ operator, key, values }: Condition): boolean =>
  NAMES_PRINCIPALS.test(key) &&
  (operator.includes('not')
    ? !values.some(isEverybody)
    : operator === 'bool' && values.every((value) => value === 'false'));

/** Users, roles and services of the account. Who is let out by organization or account may be everybody in it. */
const NAMES_PRINCIPALS = /^aws:principal(arn$|tag\/|isawsservice$|servicename(slist)?$|type$)/;

/** `*`, and an ARN that ends with one in place of a name: `arn:aws:iam::*:*`, `arn:aws:iam::*:role/*`. */
const isEverybody = (value: string): boolean =>
  /^[*:]+$/.test(value) || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:((user|role)\/)?\*+$/.test(value);

export const isDenied = (denials: readonly Denial[], action: string): boolean =>
  denials.some((denial) => includes(denial, action));
