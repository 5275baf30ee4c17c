import { defineSharedDocument, type Json, type Session, type SharedDocument } from '@compliance/core/rule';
import * as z from 'zod';

import { parsePolicy, parseStatement, type PolicyContent, type Statement } from './parse-policy.ts';
import { isPublic } from './public-access.ts';

/** What AWS assumes where there is no policy. */
const NO_POLICY: PolicyContent = { Version: '2012-10-17', Statement: [] };

/**
 * The policy without the statements that `remove` selects; the others stay as they are written.
 * Without any statement left nothing is left of it, so that an undo restores its Id and Version too.
 */
export const withoutStatements = (
  policy: PolicyContent,
  remove: (statement: Statement) => boolean,
): PolicyContent => keep(policy, (source) => (remove(parseStatement(source)) ? [] : [source]));

/**
 * The policy without what lets everybody in. A statement that names others too, such as the account itself, keeps those.
 * @param furtherKeys condition keys of the service that restrict as well, in lower case
 */
export const withoutPublicAccess = (
  policy: PolicyContent,
  furtherKeys: readonly string[] = [],
): PolicyContent =>
  keep(policy, (source) =>
    isPublic(parseStatement(source), furtherKeys) ? forNamedPrincipals(source) : [source],
  );

const keep = (policy: PolicyContent, select: (source: Json) => readonly Json[]): PolicyContent => {
  const kept = policy.Statement.flatMap(select);
  return kept.length === 0 ? NO_POLICY : { ...policy, Statement: kept };
};

/** The statement for those principals that it names; nothing if it names none. */
const forNamedPrincipals = (source: Json): readonly Json[] => {
  const { data } = WithPrincipals.safeParse(source);
  const named = Object.entries(data?.Principal ?? {}).flatMap(([kind, who]) => {
    const others = [who].flat().filter((one) => one !== '*');
    return others.length === 0 ? [] : [[kind, Array.isArray(who) ? others : who] as const];
  });
  return data && named.length > 0 ? [{ ...data, Principal: Object.fromEntries(named) }] : [];
};

const WithPrincipals = z
  .object({ Principal: z.record(z.string(), z.union([z.string(), z.array(z.string())])) })
  .catchall(z.json());

/** The policy with one more statement, in place of the one that has its Sid. */
export const withStatement = (
  policy: PolicyContent,
  statement: { Sid: string; [member: string]: Json },
): PolicyContent => ({
  ...policy,
  Statement: [...policy.Statement.filter((source) => sidOf(source) !== statement.Sid), statement],
});

const sidOf = (source: Json): string | undefined => parseStatement(source).sid;

/** How a service stores the policy of a resource. */
interface PolicyStore {
  /** `s3/bucket-policy` */
  readonly kind: string;
  /** The policy's text; `undefined`: the resource has none. */
  readonly read: (key: string, session: Session) => Promise<string | undefined>;
  readonly write: (key: string, text: string, session: Session) => Promise<void>;
  readonly remove: (key: string, session: Session) => Promise<void>;
}

/** Defines the policy of a resource as a document that rules share. AWS refuses an empty one, so that one is removed. */
export const definePolicyDocument = ({
  kind,
  read,
  write,
  remove,
}: PolicyStore): SharedDocument<PolicyContent> =>
  defineSharedDocument<PolicyContent>({
    kind,
    defaults: NO_POLICY,
    read: async (key, session) => {
      const text = await read(key, session);
      return text === undefined ? undefined : parsePolicy(text);
    },
    write: (key, policy, session) =>
      policy.Statement.length === 0 ? remove(key, session) : write(key, JSON.stringify(policy), session),
    remove,
  });
