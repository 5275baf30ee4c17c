import { randomUUID } from 'node:crypto';

import { shouldNotify, type AuditEvent, type Deliver, type Session, type Sink } from '@compliance/core';

import type { Environment } from './environment.ts';

/** The sinks: CloudWatch Logs, SNS and the ledger. Each client is loaded with the first event that it delivers. */
export const lazySinks = (own: Session, home: Session, environment: Environment): readonly Sink[] => {
  const { auditLogGroup, topicArn, ledgerBucket } = environment;
  // One stream per function instance, so that instances never wait for each other.
  const logStreamName = randomUUID();
  const log = lazy(async () => {
    const { auditLog } = await import('./audit-log.ts');
    return auditLog(own, { logGroupName: auditLogGroup, logStreamName, now: own.clock.now });
  });
  const topic = lazy(async () => (await import('./notifications.ts')).notifications(home, topicArn));
  const ledger = lazy(async () => (await import('./audit-ledger.ts')).auditLedger(home, ledgerBucket));
  return [
    { name: 'log', deliver: log },
    { name: 'topic', deliver: only(shouldNotify, topic) },
    { name: 'ledger', deliver: ledger },
  ];
};

const only =
  (isWanted: (event: AuditEvent) => boolean, deliver: Deliver): Deliver =>
  async (events) => {
    const wanted = events.filter(isWanted);
    return wanted.length > 0 ? deliver(wanted) : [];
  };

const lazy = (load: () => Promise<Deliver>): Deliver => {
  let loading: Promise<Deliver> | undefined;
  return async (events) => (await (loading ??= load()))(events);
};
