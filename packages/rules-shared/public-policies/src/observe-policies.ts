import {
  hasCode,
  type ConfigurationItem,
  type Observation,
  type Resource,
  type Session,
} from '@compliance/core/rule';
import { parsePolicy, type PolicyContent } from '@compliance/policy-document';
import * as z from 'zod';

import { describePublic, PublicStatement } from './public-statement.ts';

export const Facts = z.object({
  /** Why the rule does not concern the resource; `null`: it does. */
  skipped: z.string().regex(/\S/).nullable(),
  public: z.array(PublicStatement),
});
export type Facts = z.infer<typeof Facts>;

export const Handles = z.object({
  /** The keys of the documents with such statements. */
  keys: z.array(z.string()),
  /** Why a person must close the policy; `null`: a machine may. */
  refusal: z.string().nullable(),
});
export type Handles = z.infer<typeof Handles>;

/** The policies of a resource, live. */
export interface FoundPolicies {
  readonly policies: readonly {
    /** The document's key. */
    readonly key: string;
    readonly policy: PolicyContent | undefined;
    /** An alias or version of the resource. */
    readonly qualifier?: string;
  }[];
  readonly skipped?: string;
  readonly refusal?: string;
}

/** How a service's policies are found. */
export interface PolicySource {
  readonly resourceType: string;
  /** Condition keys of the service that restrict as well, in lower case. */
  readonly furtherKeys?: readonly string[];
  /** The policies of one resource, live. */
  readonly read: (id: string, session: Session) => Promise<FoundPolicies>;
  /** Error codes that mean that the resource does not exist. */
  readonly gone: readonly string[];
  /** The ids of the resources of the account and Region. */
  readonly list: (session: Session) => AsyncIterable<string>;
  /** The name of a resource in AWS Config, by its id. */
  readonly nameOf?: (id: string) => string;
  /** The policy's text in an item; `null`: it has none. `undefined`: the item does not say. */
  readonly item?: (item: ConfigurationItem) => string | null | undefined;
}

/** Observes the statements that let everybody in. An item decides where it has none: the rest of the facts are not in it. */
export const observePolicies = (source: PolicySource) => {
  const { resourceType, furtherKeys = [], nameOf } = source;
  const identityOf = (id: string) => (nameOf ? { resourceName: nameOf(id) } : {});

  const fromItem = (item: ConfigurationItem): Observation<Facts, Handles> | undefined => {
    const text = source.item?.(item);
    if (text === undefined) return undefined;
    const policy = text === null ? undefined : parsePolicy(text);
    const isPublic = describePublic(policy, { qualifier: '', furtherKeys }).length > 0;
    return isPublic ? undefined : { facts: { skipped: null, public: [] } };
  };

  const get = async ({ resourceId }: Resource, { session }: { readonly session: Session }) => {
    try {
      const { policies, skipped = null, refusal = null } = await source.read(resourceId, session);
      const found = policies
        .map(({ key, policy, qualifier = '' }) => ({
          key,
          statements: describePublic(policy, { qualifier, furtherKeys }),
        }))
        .filter(({ statements }) => statements.length > 0);
      return {
        facts: { skipped, public: found.flatMap(({ statements }) => statements) },
        handles: { keys: found.map(({ key }) => key), refusal },
        identity: identityOf(resourceId),
      };
    } catch (error) {
      if (hasCode(error, ...source.gone)) return undefined;
      throw error;
    }
  };

  const list = async function* ({ session }: { readonly session: Session }) {
    for await (const resourceId of source.list(session))
      yield { resource: { resourceType, resourceId, ...identityOf(resourceId) } };
  };

  return { ...(source.item && { item: fromItem }), get, list };
};
