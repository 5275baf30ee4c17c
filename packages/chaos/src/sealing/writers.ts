import { S3Client } from '@aws-sdk/client-s3';
import {
  AccountId,
  auditEvent,
  deliverOrKeep,
  keepUndelivered,
  redeliver,
  shouldNotify,
  type AuditEvent,
  type Sink,
} from '@compliance/core';
import { tableThrough } from '@compliance/core/simulation';
import { ledgerPublisher, s3Ledger } from '@compliance/ledger';

import { HOUR_MS, MINUTE_MS } from '../base/faults.ts';
import { tellingSinks } from '../world/telling-sinks.ts';
import { END, START, effectOf, sessionOf, type Actor, type SealingWorld } from './world.ts';

const REGION = 'eu-west-1';
const COMMAND = 'S3_ENABLE_VERSIONING';
const EVENTS_AN_APPEND = 20;
/** Lambda tries an event that failed again: at once, and two more times later. */
const TRIES = 4;

/** A clock is right, a little off, or an hour off in either direction. */
export const CLOCKS_OFF_MS = [0, 0, -3 * MINUTE_MS, 3 * MINUTE_MS, -HOUR_MS, HOUR_MS];

const accountOf = (writer: number) => AccountId.parse(String(111_000_000_000 + writer));
const scopeOf = (writer: number) => ({ command: COMMAND, accountId: accountOf(writer), region: REGION });

/** Has all writers write side by side, each for its own account, until every event is published or given up. */
export const playWriters = (world: SealingWorld): void => {
  const { events, writers } = world.options;
  for (let writer = 0; writer < writers; writer += 1) {
    const own = Math.floor(events / writers) + (writer < events % writers ? 1 : 0);
    const offMs = world.random.pick(CLOCKS_OFF_MS);
    for (let first = 0; first < own; first += EVENTS_AN_APPEND) {
      const span = END.getTime() - START.getTime();
      const time = new Date(START.getTime() + world.random.below(span));
      const count = Math.min(EVENTS_AN_APPEND, own - first);
      const batch = Array.from({ length: count }, (_, index) =>
        eventOf({ writer, number: first + index, time }),
      );
      for (const event of batch) {
        world.written.add(event.id);
        if (shouldNotify(event)) world.forPeople.add(event.id);
      }
      world.scheduler.at(time, () => void publish(world, { writer, offMs, batch }));
    }
  }
};

interface Publication {
  readonly writer: number;
  readonly offMs: number;
  readonly batch: readonly AuditEvent[];
}

const publish = async (world: SealingWorld, { writer, offMs, batch }: Publication): Promise<void> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { sinks, table, now } = openRun(world, offMs);
    const keep = world.options.build === 'no-outbox' ? async () => {} : keepUndelivered(table, now);
    try {
      await deliverOrKeep(sinks, keep)(batch);
      for (const { id } of batch) world.published.add(id);
      // Every sweep delivers what an earlier run could not.
      if (world.random.chance(0.2)) await redeliver(table, scopeOf(writer), { sinks, now });
      return;
    } catch {
      await world.scheduler.clock.sleep(world.random.below(70 * MINUTE_MS));
    }
  }
};

/** Delivers all that waits, as the next sweeps do. */
export const redeliverAll = async (world: SealingWorld): Promise<void> => {
  const { sinks, table, now } = openRun(world, 0);
  for (let writer = 0; writer < world.options.writers; writer += 1)
    await redeliver(table, scopeOf(writer), { sinks, now });
};

/** What one run publishes with. Its clock is off by so much. */
const openRun = (world: SealingWorld, offMs: number) => {
  const actor: Actor = { isDead: false };
  const effect = effectOf(world, actor);
  const session = sessionOf(world, effect);
  const now = () => new Date(world.scheduler.clock.now().getTime() + offMs);
  world.counts.appends += 1;
  const sinks: readonly Sink[] = [
    ...tellingSinks(session, now),
    { name: 'ledger', deliver: ledgerPublisher(s3Ledger(session.client(S3Client), 'intake', now)) },
  ];
  return { sinks, table: tableThrough(effect, world.table), now };
};

/** Four of five are verdicts, which only the log and the ledger take. */
const eventOf = ({
  writer,
  number,
  time,
}: {
  readonly writer: number;
  readonly number: number;
  readonly time: Date;
}): AuditEvent => {
  const resource = { resourceType: 'AWS::S3::Bucket', resourceId: `bucket-${writer}-${number}` };
  const subject = { ...scopeOf(writer), resource };
  return number % 5 === 0
    ? auditEvent(
        { type: 'plan-decided', ...subject, planId: `plan-${writer}-${number}`, decision: 'approved' },
        time,
        time,
      )
    : auditEvent(
        {
          type: 'resource-evaluated',
          ...subject,
          trigger: 'change',
          complianceType: 'NON_COMPLIANT',
          annotation: 'Versioning is Off.',
          orderingTime: time.toISOString(),
        },
        time,
        time,
      );
};
