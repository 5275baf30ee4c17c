import { explain, transient } from '../base/errors.ts';
import type { AuditEvent } from './audit-event.ts';

/** Publishes audit events. Rejects when any of them may be lost, so that the caller tries again. */
export type Publisher = (events: readonly AuditEvent[]) => Promise<void>;

/**
 * Gives every event to every publisher, even when another one fails.
 * @throws {ComplianceError} transient `not-published` with all failures, whatever their kind: no event may be lost
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
