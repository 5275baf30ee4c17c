import { explain, failureKind, transient } from '../base/errors.ts';
import type { AuditEvent } from './audit-event.ts';

/** Publishes audit events. Rejects when any of them may be lost, so that the caller tries again. */
export type Publisher = (events: readonly AuditEvent[]) => Promise<void>;

/** The places where audit events are published: the audit log, the topic for notifications, and the ledger. */
export const SINKS = ['log', 'topic', 'ledger'] as const;
export type SinkName = (typeof SINKS)[number];

/** An event that a sink did not take, and why. */
export interface Undelivered {
  readonly event: AuditEvent;
  readonly error: unknown;
}

/** Delivers events to one sink. Returns those that it did not take; all of them when it rejects. */
export type Deliver = (events: readonly AuditEvent[]) => Promise<readonly Undelivered[]>;

export interface Sink {
  readonly name: SinkName;
  readonly deliver: Deliver;
}

/** What one sink did not take. `isRefused`: it never will, so that a person must look at it. */
export interface Remainder {
  readonly sink: SinkName;
  readonly isRefused: boolean;
  readonly events: readonly AuditEvent[];
  /** The first of the errors, for people. */
  readonly error: string;
}

/**
 * Gives every event to every sink, and keeps for each sink what it did not take.
 * A sink that is away, or that refuses an event, thus blocks neither the others nor the caller.
 * @throws {ComplianceError} transient `not-published` when an event was neither taken nor kept
 */
export const deliverOrKeep =
  (sinks: readonly Sink[], keep: (remainder: Remainder) => Promise<void>): Publisher =>
  async (events) => {
    if (events.length === 0) return;
    const remainders = (await Promise.all(sinks.map((sink) => deliver(sink, events)))).flat();
    const results = await Promise.allSettled(remainders.map(keep));
    const failures = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    if (failures.length > 0)
      throw transient(
        'not-published',
        `Audit events were neither published (${remainders.map(({ error }) => error).join('; ')}) nor kept: ${failures.map(explain).join('; ')}`,
        new AggregateError(failures),
      );
  };

/** Delivers events to a sink. Returns what it did not take: what may be tried again, and what it refused. */
export const deliver = async (sink: Sink, events: readonly AuditEvent[]): Promise<readonly Remainder[]> => {
  const undelivered = await sink
    .deliver(events)
    .catch((error: unknown) => events.map((event): Undelivered => ({ event, error })));
  const byKind = Map.groupBy(undelivered, ({ error }) => failureKind(error) === 'permanent');
  return [...byKind].map(([isRefused, rest]) => ({
    sink: sink.name,
    isRefused,
    events: rest.map(({ event }) => event),
    error: explain(rest[0]?.error),
  }));
};
