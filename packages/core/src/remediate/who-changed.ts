import { bestEffort } from '../base/best-effort.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { ChangedBy } from '../audit/blocker.ts';

/** Which changes of a resource to search for. */
export interface ChangeSearch {
  readonly resource: Resource;
  readonly since: Date;
  /** API operations that would revert our fix: a caller of one of them is preferred. */
  readonly undoing: readonly string[];
}

/**
 * The principal that last changed a resource, except for our own fixes.
 * `undefined` when CloudTrail does not say: its event history lags up to 15 minutes, and names resources differently
 * per service.
 */
export const whoChanged = (search: ChangeSearch, session: Session): Promise<ChangedBy | undefined> =>
  bestEffort(
    `CloudTrail does not say who reverts ${search.resource.resourceType} ${search.resource.resourceId} of account ${session.accountId}`,
    // The client is loaded only when needed, which is rare.
    async () => (await import('./event-history.ts')).findLastChange(search, session),
    undefined,
  );
