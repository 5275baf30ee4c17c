import type { AuditEvent } from './audit-event.ts';

/** Whether a person may want to be told. Verdicts and sweeps are for the ledger: thousands a day. */
export const shouldNotify = ({ type }: AuditEvent): boolean => {
  switch (type) {
    case 'plan-created':
    case 'remediation-finished':
    case 'evaluation-failed':
    case 'plan-decided':
    case 'change-undone':
      return true;
    case 'resource-evaluated':
    case 'sweep-completed':
    case 'event-ignored':
      return false;
    default:
      throw new Error(`Unknown audit event ${String(type satisfies never)}`);
  }
};
