import { bestEffort } from '../base/best-effort.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { ChangedBy } from '../audit/blocker.ts';

/** Of which changes somebody wants to know. */
export interface ChangeSearch {
  readonly resource: Resource;
  readonly since: Date;
  /** API operations that would take our fix back: who called one of them is named before who changed anything else. */
  readonly undoing: readonly string[];
}

/**
 * Who changed a resource last, our own fixes aside, if CloudTrail can be asked and says so. It may lag a quarter of an
 * hour behind, and which name of a resource it goes by differs from service to service.
 */
export const whoChanged = (search: ChangeSearch, session: Session): Promise<ChangedBy | undefined> =>
  bestEffort(
    `Who changes ${search.resource.resourceType} ${search.resource.resourceId} of ${session.accountId} back is not known`,
    // The client is loaded by the few who ask.
    async () => (await import('./event-history.ts')).findLastChange(search, session),
    undefined,
  );
