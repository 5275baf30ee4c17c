import { explain, transient } from '../base/errors.ts';
import type { AuditEvent } from './audit-event.ts';

/** Takes audit events somewhere. Rejects when any of them may be lost, so that the caller tries again. */
export type Publisher = (events: readonly AuditEvent[]) => Promise<void>;

/**
 * Every publisher gets every event, also when another fails; their failures are thrown together afterwards.
 * @throws {ComplianceError} transient `not-published`, whatever the reason: an event that is lost is not an answer
 */
export const publishToAll =
  (publishers: readonly Publisher[]): Publisher =>
  async (events) => {
    if (events.length === 0) return;
    const results = await Promise.allSettled(publishers.map((publish) => publish(events)));
    const failures = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    if (failures.length > 0)
      throw transient(
        'not-published',
        `Audit events were not published: ${failures.map(explain).join('; ')}`,
        new AggregateError(failures),
      );
  };
