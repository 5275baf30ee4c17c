import type { AuditEvent } from '@compliance/core';

interface AuditMetric {
  readonly metricName: string;
  /** A filter pattern of CloudWatch Logs for the lines of the audit log. */
  readonly pattern: string;
  readonly alarm: string;
}

const ofType = (type: AuditEvent['type']) => `($.type = "${type}")`;

/** Metrics of the audit log that have an alarm. */
export const AUDIT_METRICS: readonly AuditMetric[] = [
  {
    metricName: 'RemediationsFailed',
    pattern: `{ ${ofType('remediation-finished')} && ($.outcome = "failed") }`,
    alarm:
      'A fix failed or did not make the resource compliant. The audit log has the resource and the reason.',
  },
  {
    metricName: 'EvaluationsFailed',
    pattern: `{ ${ofType('evaluation-failed')} }`,
    alarm:
      'Resources could not be evaluated and keep their old verdicts. The audit log has the resource and the reason.',
  },
  {
    metricName: 'ExclusionsGrew',
    pattern: `{ ${ofType('sweep-completed')} && ($.exclusionGrowth.now > 0) }`,
    alarm:
      'More resources than before bear a name of AWS or the landing zone, so they are not fixed. The audit log names ' +
      'them: make sure that they are what their name says.',
  },
  {
    metricName: 'ExemptionsByTagAlone',
    pattern: `{ ${ofType('sweep-completed')} && ($.exemptionsByTagAlone = "*") }`,
    alarm:
      'Exemptions name a tag and neither accounts nor OUs, so any account can claim them. Run `compliance exemptions ' +
      'check`, and publish the settings again.',
  },
];
