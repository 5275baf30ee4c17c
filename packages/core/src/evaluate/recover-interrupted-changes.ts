import pMap from 'p-map';

import { evaluationFailedEvent, type EvaluationContext } from './evaluator.ts';
import { finishInterruptedChanges } from '../remediate/finish-interrupted-changes.ts';
import type { Resource } from '../aws/resource.ts';
import { listOpenChanges, type OpenChange } from '../state/open-changes.ts';

/**
 * Brings changes to their end that no automation and no person came back to: a fix whose change event turned AWS
 * Config green would else never be told. A resource that cannot be read keeps its open change for the next sweep.
 */
export const recoverInterruptedChanges = async (evaluator: EvaluationContext): Promise<void> => {
  const { event, rule, table, now } = evaluator;
  const open = await listOpenChanges(table, { ...event, command: rule.command });
  const lost = Map.groupBy(
    open.filter(({ endsAt }) => new Date(endsAt) <= now()),
    ({ resourceId }) => resourceId,
  );
  const finishOne = async ([resourceId, changes]: readonly [string, readonly OpenChange[]]) => {
    const resource = { resourceType: rule.resourceType, resourceId };
    try {
      await finishFor(resource, changes, evaluator);
    } catch (error) {
      await evaluator.publish([evaluationFailedEvent(evaluator, resource, error)]);
    }
  };
  await pMap(lost, finishOne, { concurrency: 4 });
};

const finishFor = async (
  resource: Resource,
  changes: readonly OpenChange[],
  evaluator: EvaluationContext,
): Promise<void> => {
  const { rule, session, context, event } = evaluator;
  const observation = await rule.observe.get(resource, { session });
  const verdict = observation && rule.judge(observation.facts, context);
  const violates = verdict?.complianceType === 'NON_COMPLIANT';
  const target = { ...event, command: rule.command, resource, executionId: 'sweep' };
  await finishInterruptedChanges(changes, { ...evaluator, target }, { violates, facts: observation?.facts });
};
