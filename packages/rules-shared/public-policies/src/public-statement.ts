import { publicStatements, type PolicyContent, type Statement } from '@compliance/policy-document';
import * as z from 'zod';

/** A statement that lets everybody in. */
export const PublicStatement = z.object({
  /** The alias or version that the policy is for; '' where a resource has one policy. */
  qualifier: z.string(),
  /** '': the statement has no Sid. */
  sid: z.string(),
  /** The allowed actions, as they are written; with `NotAction`, preceded by "all but". */
  actions: z.array(z.string()),
});
export type PublicStatement = z.infer<typeof PublicStatement>;

/** The statements of a policy that let everybody in. */
export const describePublic = (
  policy: PolicyContent | undefined,
  { qualifier, furtherKeys }: { readonly qualifier: string; readonly furtherKeys: readonly string[] },
): PublicStatement[] =>
  policy === undefined
    ? []
    : publicStatements(policy, furtherKeys).map(({ sid = '', actions }: Statement) => ({
        qualifier,
        sid,
        actions: actions.patterns.map((pattern) => (actions.except ? `all but ${pattern}` : pattern)),
      }));

/** The first statement in words, and how many more there are: `Statement Open lets everybody call s3:GetObject`. */
export const inWords = ([first, ...others]: readonly PublicStatement[]): string => {
  if (first === undefined) return 'No statement lets everybody in';
  const { sid, qualifier, actions } = first;
  const name = sid === '' ? 'A statement without Sid' : `Statement ${sid.slice(0, 40)}`;
  const where = qualifier === '' ? '' : ` of ${qualifier.slice(0, 40)}`;
  const called = actions.slice(0, 2).map((action) => action.slice(0, 40));
  const more = others.length === 0 ? '' : `; so do ${others.length} more`;
  return `${name}${where} lets everybody call ${called.join(', ')}${actions.length > 2 ? ' and more' : ''}${more}`;
};
