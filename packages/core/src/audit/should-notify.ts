import type { AuditEvent } from './audit-event.ts';

/** Whether people are notified of an event. Verdicts and sweeps, thousands a day, are only recorded. */
export const shouldNotify = ({ type }: AuditEvent): boolean => {
  switch (type) {
    case 'plan-created':
    case 'remediation-finished':
    case 'evaluation-failed':
    case 'plan-decided':
    case 'change-undone':
    case 'settings-changed':
    case 'exemptions-changed':
    case 'account-joined':
    case 'account-left':
    case 'rule-deployed':
    case 'sweep-missed':
      return true;
    case 'resource-evaluated':
    case 'sweep-completed':
    case 'event-ignored':
      return false;
    default:
      throw new Error(`Unknown audit event ${String(type satisfies never)}`);
  }
};
