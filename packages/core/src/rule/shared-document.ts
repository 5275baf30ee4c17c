import type { Json } from '../base/json.ts';
import type { Session } from '../aws/session.ts';

/**
 * Configuration that AWS replaces as a whole and that several rules edit.
 * Examples: a password policy, a bucket policy, a trail's event selectors.
 */
export interface SharedDocument<Content extends Json = Json> {
  /** `iam/password-policy`: names the lease, the plan and the journal entry. */
  readonly kind: string;
  /** What AWS assumes when the document is absent. */
  readonly defaults: Content;
  /** The live document; `undefined` when it is absent. `key` is '' for one per account and Region. */
  read(key: string, session: Session): Promise<Content | undefined>;
  write(key: string, content: Content, session: Session): Promise<void>;
  remove(key: string, session: Session): Promise<void>;
}

export const defineSharedDocument = <Content extends Json>(
  kind: SharedDocument<Content>,
): SharedDocument<Content> => kind;
