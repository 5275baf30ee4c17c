import { randomUUID } from 'node:crypto';

import { shouldNotify, type AuditEvent, type Publisher, type Session } from '@compliance/core';

import type { Environment } from './environment.ts';

/**
 * Publishers to CloudWatch Logs, SNS and the ledger. Each client is loaded with the first event that it publishes.
 */
export const lazyPublishers = (
  own: Session,
  home: Session,
  environment: Environment,
): readonly Publisher[] => {
  const { auditLogGroup, topicArn, ledgerBucket } = environment;
  // One stream per function instance, so that instances never wait for each other.
  const logStreamName = randomUUID();
  return [
    lazy(async () => {
      const { auditLog } = await import('./audit-log.ts');
      return auditLog(own, { logGroupName: auditLogGroup, logStreamName });
    }),
    only(
      shouldNotify,
      lazy(async () => (await import('./notifications.ts')).notifications(home, topicArn)),
    ),
    lazy(async () => (await import('./audit-ledger.ts')).auditLedger(home, ledgerBucket)),
  ];
};

const only =
  (isWanted: (event: AuditEvent) => boolean, publish: Publisher): Publisher =>
  async (events) => {
    const wanted = events.filter(isWanted);
    if (wanted.length > 0) await publish(wanted);
  };

const lazy = (load: () => Promise<Publisher>): Publisher => {
  let loading: Promise<Publisher> | undefined;
  return async (events) => (await (loading ??= load()))(events);
};
