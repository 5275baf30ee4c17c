import { auditEvent, failureOf } from '../audit/audit-event.ts';
import { listOpenChanges } from '../state/open-changes.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { eventSubject } from './evaluation-events.ts';

/**
 * Asks the remediation function to finish what its runs left behind: changes whose run was interrupted and not retried,
 * and decisions that are not published. Only that function may write journals and decisions.
 * A request that fails is published; the next sweep finds the same, and asks again.
 */
export const askToRecover = async (context: EvaluationContext): Promise<void> => {
  const { event, rule, table, now, unpublishedDecisions } = context;
  const { accountId, region, partition } = event;
  const scope = { command: rule.command, accountId, region };
  try {
    const open = await listOpenChanges(table, scope);
    const isInterrupted = open.some(({ endsAt }) => new Date(endsAt) <= now());
    const plans = [...unpublishedDecisions].slice(0, MAX_PLANS);
    if (isInterrupted || plans.length > 0) await context.recover({ ...scope, partition, plans });
  } catch (error) {
    const failed = {
      type: 'evaluation-failed',
      ...eventSubject(context),
      trigger: 'recovery',
      error: failureOf(error),
    } as const;
    await context.tell([auditEvent(failed, now(), context.invocation.awsRequestId)]);
  }
};

/** As many as one request takes; the next sweep asks for the rest. */
const MAX_PLANS = 1000;
