import pMap from 'p-map';

import { unreadable, type Evaluator } from './evaluator.ts';
import { finishOpenChanges } from './finish-open-changes.ts';
import type { Resource } from './resource.ts';
import { openChangesIn } from './state/open-changes.ts';

/**
 * Brings changes to their end that no automation and no person came back to: a fix whose change event turned AWS
 * Config green would else never be told. A resource that cannot be read keeps its open change for the next sweep.
 */
export const finishLostChanges = async (evaluator: Evaluator): Promise<void> => {
  const { event, rule, table, now } = evaluator;
  const open = await openChangesIn(table, { ...event, command: rule.command });
  const ids = new Set(open.filter(({ endsAt }) => new Date(endsAt) <= now()).map((one) => one.resourceId));
  const finishOne = async (resourceId: string) => {
    const resource = { resourceType: rule.resourceType, resourceId };
    try {
      await finishFor(resource, evaluator);
    } catch (error) {
      await evaluator.publish([unreadable(evaluator, resource, error)]);
    }
  };
  await pMap(ids, finishOne, { concurrency: 4 });
};

const finishFor = async (resource: Resource, evaluator: Evaluator): Promise<void> => {
  const { rule, session, context, event } = evaluator;
  const observation = await rule.observe.one(resource, { session });
  const verdict = observation && rule.judge(observation.facts, context);
  const violates = verdict?.complianceType === 'NON_COMPLIANT';
  const target = { ...event, command: rule.command, resource, executionId: 'sweep' };
  await finishOpenChanges({ ...evaluator, target }, { violates, facts: observation?.facts });
};
