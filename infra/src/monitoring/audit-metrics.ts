import type { AuditEvent } from '@compliance/core';

interface AuditMetric {
  readonly metricName: string;
  /** In the language of CloudWatch Logs, of the lines of the audit log. */
  readonly pattern: string;
  readonly alarm: string;
}

const ofType = (type: AuditEvent['type']) => `($.type = "${type}")`;

/** What the audit log tells that somebody should look at. */
export const AUDIT_METRICS: readonly AuditMetric[] = [
  {
    metricName: 'RemediationsFailed',
    pattern: `{ ${ofType('remediation-finished')} && ($.outcome = "failed") }`,
    alarm: 'A fix failed or did not make the resource compliant: the audit log says which and why.',
  },
  {
    metricName: 'EvaluationsFailed',
    pattern: `{ ${ofType('evaluation-failed')} }`,
    alarm: 'Resources could not be evaluated and keep their old verdicts: the audit log says which and why.',
  },
];
