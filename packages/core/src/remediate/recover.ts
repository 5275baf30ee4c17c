import pMap from 'p-map';

import { bestEffort } from '../base/best-effort.ts';
import { failureKind } from '../base/errors.ts';
import { auditEvent, failureOf } from '../audit/audit-event.ts';
import { assertOwnRegion } from '../settings/settings.ts';
import { listOpenChanges, type OpenChange } from '../state/open-changes.ts';
import { publishNotedPlan } from '../state/plans.ts';
import { listUnpublished, type UnpublishedNote } from '../state/unpublished-plans.ts';
import { finishInterruptedChanges } from './finish-interrupted-changes.ts';
import { observeLive } from './observe-live.ts';
import { parseRecoveryRequest, type RecoveryRequest } from './recovery-request.ts';
import { openRemediation, resolveScope, type RemediateDependencies } from './remediation.ts';

/**
 * Finishes the rule's changes whose run was interrupted and not retried, in one account and Region.
 * Without it, a fix whose change event turned AWS Config green would never be reported. A sweep of the rule asks for it;
 * a resource that cannot be read keeps its open change for the next one. Publishes plans and decisions whose run ended
 * before it did.
 */
export const createRecover =
  (dependencies: RemediateDependencies) =>
  async (input: unknown): Promise<{ readonly finished: number }> => {
    const request = parseRecoveryRequest(input);
    const { table, now } = dependencies;
    const notes = await listUnpublished(table, request, now());
    await pMap(notes, (note) => publishNoted(note, dependencies), { concurrency: 4 });
    const open = await listOpenChanges(table, request);
    const interrupted = Map.groupBy(
      open.filter(({ endsAt }) => new Date(endsAt) <= now()),
      ({ resourceId }) => resourceId,
    );
    const finished = await pMap(interrupted, (one) => recoverOne(one, request, dependencies), {
      concurrency: 4,
    });
    return { finished: finished.reduce((sum, count) => sum + count, 0) };
  };

/** What still cannot be published stays in its row, for the next sweep. */
const publishNoted = (note: UnpublishedNote, context: RemediateDependencies): Promise<void> =>
  bestEffort(
    `The events of ${note.planId} are not published yet`,
    () => publishNotedPlan(note, context),
    undefined,
  );

const recoverOne = async (
  [resourceId, changes]: readonly [string, readonly OpenChange[]],
  request: RecoveryRequest,
  dependencies: RemediateDependencies,
): Promise<number> => {
  const { command, accountId, region } = request;
  const scope = await resolveScope(request, dependencies.loadSettings);
  assertOwnRegion(request, scope.appliedSettings.organization);
  const rule = await dependencies.loadRule(command);
  const target = {
    ...request,
    resource: { resourceType: rule.resourceType, resourceId },
    executionId: 'sweep',
  };
  try {
    const context = await openRemediation(target, rule, scope, { ...dependencies, phases: ['get'] });
    return (await finishInterruptedChanges(changes, context, await observeLive(context))).length;
  } catch (error) {
    if (failureKind(error) === 'transient') throw error;
    const { resource } = target;
    const { severity } = rule;
    const failed = {
      type: 'evaluation-failed',
      command,
      severity,
      accountId,
      region,
      resource,
      trigger: 'recovery',
      error: failureOf(error),
    } as const;
    const { now, publish, requestId = 'recovery' } = dependencies;
    await publish([auditEvent(failed, now(), requestId)]);
    return 0;
  }
};
