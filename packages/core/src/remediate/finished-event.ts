import { auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import { asJson } from '../base/json.ts';
import type { RemediationResult, RemediationTarget } from './remediation.ts';

/** What the auditors are told of a remediation that came to its end. */
export const remediationFinishedEvent = (
  target: Omit<RemediationTarget, 'partition'> | undefined,
  result: RemediationResult,
  now: Date,
): AuditEvent => {
  const { status: outcome, reason, planId, changeId, factsBefore, factsAfter, applied } = result;
  const { owner, severity, by, changedBy } = result;
  return auditEvent(
    {
      type: 'remediation-finished',
      ...(target && { command: target.command, accountId: target.accountId, region: target.region }),
      ...(target && { resource: target.resource }),
      ...(owner !== undefined && { owner }),
      ...(severity !== undefined && { severity }),
      ...(by !== undefined && { by }),
      ...(changedBy && { changedBy }),
      executionId: target?.executionId ?? 'unknown',
      outcome,
      reason,
      ...(planId !== undefined && { planId }),
      ...(changeId !== undefined && { changeId }),
      ...(factsBefore !== undefined && { factsBefore: asJson(factsBefore) }),
      ...(factsAfter !== undefined && { factsAfter: asJson(factsAfter) }),
      ...(applied && { steps: applied.steps.map(stepOf) }),
    },
    now,
  );
};

type Step = NonNullable<RemediationResult['applied']>['steps'][number];

const stepOf = ({ intent, outcome }: Step) => ({
  intent: asJson(intent),
  // Its run was cut off: nobody knows what came of it.
  outcome: asJson(outcome ?? { type: 'unknown' }),
});
