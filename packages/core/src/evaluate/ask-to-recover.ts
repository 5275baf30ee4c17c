import { bestEffort } from '../base/best-effort.ts';
import { auditEvent, failureOf } from '../audit/audit-event.ts';
import { listOpenChanges } from '../state/open-changes.ts';
import { listUnpublished } from '../state/unpublished-plans.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { eventSubject } from './evaluation-events.ts';

/**
 * Asks the remediation function to finish what runs of the rule left behind: changes that were interrupted and not
 * retried, and plans and decisions that are not published. In every mode: what began must end, also when the mode has
 * changed since. Only that function may write journals and decisions.
 * A request that fails is published; the next sweep finds the same, and asks again.
 */
export const askToRecover = async (context: EvaluationContext): Promise<void> => {
  const { event, rule, now } = context;
  const { accountId, region, partition } = event;
  const scope = { command: rule.command, accountId, region };
  try {
    if (await isSomethingLeft(scope, context)) await context.recover({ ...scope, partition });
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

const isSomethingLeft = (
  scope: Parameters<typeof listOpenChanges>[1],
  { table, now }: Pick<EvaluationContext, 'table' | 'now'>,
): Promise<boolean> =>
  bestEffort(
    'What earlier runs left behind waits for the next sweep',
    async () => {
      const open = await listOpenChanges(table, scope);
      const isInterrupted = open.some(({ endsAt }) => new Date(endsAt) <= now());
      return isInterrupted || (await listUnpublished(table, scope, now())).length > 0;
    },
    false,
  );
