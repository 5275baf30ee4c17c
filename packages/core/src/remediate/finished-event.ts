import { randomUUID } from 'node:crypto';

import { defined } from '../base/defined.ts';
import { asJson } from '../base/json.ts';
import { auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import type { RemediationResult, RemediationTarget } from './remediation.ts';

/** The audit event of a finished remediation. */
export const remediationFinishedEvent = (
  target: Omit<RemediationTarget, 'partition'> | undefined,
  result: RemediationResult,
  now: Date,
  requestId: string = randomUUID(),
): AuditEvent => {
  const { status: outcome, reason, planId, changeId, factsBefore, factsAfter, applied } = result;
  const { owner, severity, actorArn, blockedBy, changedBy, circumstances } = result;
  return auditEvent(
    {
      type: 'remediation-finished',
      ...defined({
        command: target?.command,
        accountId: target?.accountId,
        region: target?.region,
        resource: target?.resource,
        owner,
        severity,
        actor: actorArn,
        blockedBy,
        changedBy,
      }),
      ...circumstances,
      executionId: target?.executionId ?? 'unknown',
      outcome,
      reason,
      ...defined({
        planId,
        changeId,
        factsBefore: optionalJson(factsBefore),
        factsAfter: optionalJson(factsAfter),
        steps: applied?.steps.map(stepOf),
      }),
    },
    now,
    target?.executionId ?? requestId,
  );
};

const optionalJson = (value: unknown) => (value === undefined ? undefined : asJson(value));

type Step = NonNullable<RemediationResult['applied']>['steps'][number];

const stepOf = ({ intent, outcome }: Step) => ({
  intent: asJson(intent),
  // The run was interrupted: the outcome is not known.
  outcome: asJson(outcome ?? { type: 'unknown' }),
});
