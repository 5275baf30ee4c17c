import { auditEvent, type AuditEvent } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { AUDIT_METRICS } from '../src/monitoring/audit-metrics.ts';

const now = new Date('2026-11-20T12:00:00Z');
const error = { kind: 'permanent', code: 'AccessDenied', message: 'no' } as const;
const counts = {
  resources: 2,
  compliant: 0,
  nonCompliant: 2,
  notApplicable: 0,
  failed: 0,
  sent: 0,
  vanished: 0,
};

/** An event that each metric counts. */
const COUNTED: Readonly<Record<string, AuditEvent>> = {
  RemediationsFailed: auditEvent(
    { type: 'remediation-finished', executionId: 'e', outcome: 'failed', reason: 'r' },
    now,
    now,
  ),
  EvaluationsFailed: auditEvent({ type: 'evaluation-failed', trigger: 'change', error }, now, now),
  ExclusionsGrew: auditEvent(
    {
      type: 'sweep-completed',
      counts,
      orderingTime: now.toISOString(),
      exclusionGrowth: { before: 0, now: 1, resources: ['x'] },
    },
    now,
    now,
  ),
  ExemptionsByTagAlone: auditEvent(
    { type: 'sweep-completed', counts, orderingTime: now.toISOString(), exemptionsByTagAlone: 'EX-1' },
    now,
    now,
  ),
};

/** The values at `$.a.b` in a filter pattern of CloudWatch Logs. */
const valuesIn = (pattern: string, event: AuditEvent): readonly unknown[] =>
  [...pattern.matchAll(/\$\.([\w.]+)/g)].map(([, path = '']) =>
    path
      .split('.')
      .reduce<unknown>(
        (at, step) =>
          typeof at === 'object' && at !== null
            ? new Map<string, unknown>(Object.entries(at)).get(step)
            : undefined,
        event,
      ),
  );

describe('a metric of the audit log', () => {
  test.each(AUDIT_METRICS)('$metricName filters by fields that its event has', ({ metricName, pattern }) => {
    const event = COUNTED[metricName];
    expect(event && valuesIn(pattern, event).every((value) => value !== undefined)).toBe(true);
    expect(pattern).toContain(`($.type = "${event?.type}")`);
  });
});
