import pMap from 'p-map';

import type { Resource } from '../aws/resource.ts';
import { listOpenChanges, type OpenChange } from '../state/open-changes.ts';
import { finishInterruptedChanges } from '../remediate/finish-interrupted-changes.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { evaluationFailedEvent } from './evaluation-events.ts';

/**
 * Finds the rule's changes whose run was interrupted and not retried, and finishes them.
 * Without it, a fix whose change event turned AWS Config green would never be reported. A resource that cannot be
 * read keeps its open change for the next sweep.
 */
export const recoverInSweep = async (context: EvaluationContext): Promise<void> => {
  const { event, rule, table, now } = context;
  const open = await listOpenChanges(table, { ...event, command: rule.command });
  const interrupted = Map.groupBy(
    open.filter(({ endsAt }) => new Date(endsAt) <= now()),
    ({ resourceId }) => resourceId,
  );
  const recoverOne = async ([resourceId, changes]: readonly [string, readonly OpenChange[]]) => {
    const resource = { resourceType: rule.resourceType, resourceId };
    try {
      await recover(resource, changes, context);
    } catch (error) {
      await context.tell([evaluationFailedEvent(context, resource, error)]);
    }
  };
  await pMap(interrupted, recoverOne, { concurrency: 4 });
};

const recover = async (
  resource: Resource,
  changes: readonly OpenChange[],
  context: EvaluationContext,
): Promise<void> => {
  const { rule, session, judgeContext, event } = context;
  const observation = await rule.observe.get(resource, { session });
  const verdict = observation && rule.judge(observation.facts, judgeContext);
  const target = { ...event, command: rule.command, resource, executionId: 'sweep' };
  await finishInterruptedChanges(changes, { ...context, target }, { observation, verdict });
};
