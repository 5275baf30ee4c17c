import pMap from 'p-map';

import { auditEvent } from './audit/audit-event.ts';
import { bestEffort } from './best-effort.ts';
import { failureKind } from './errors.ts';
import { about, judgeOrExempt, unreadable, type Evaluator } from './evaluator.ts';
import { ownerOf } from './owner.ts';
import { planFix } from './plan.ts';
import type { Resource } from './resource.ts';
import { withArn, withTags } from './resource-tags.ts';
import { allows } from './settings.ts';
import { recordPlan } from './state/plans.ts';
import type { Judged } from './sweep.ts';

/**
 * In modes `plan` and `approve`: what would be done, published once for each finding. Answers the findings whose
 * plan has to wait for a transient fault to pass; one that cannot be planned at all is an audit event.
 */
export const planFixes = async (
  evaluator: Evaluator,
  judged: readonly Judged[],
): Promise<ReadonlyMap<Judged, unknown>> => {
  const waiting = new Map<Judged, unknown>();
  if (!allows(evaluator.mode, 'plan') || evaluator.mode === 'auto') return waiting;
  const planOrWait = async (finding: Judged) => {
    try {
      await planOne(evaluator, finding);
    } catch (error) {
      if (failureKind(error) === 'transient') waiting.set(finding, error);
      else await evaluator.publish([unreadable(evaluator, finding.resource, error)]);
    }
  };
  const findings = judged.filter(({ verdict }) => verdict.complianceType === 'NON_COMPLIANT');
  await pMap(findings, planOrWait, { concurrency: PLANS_IN_FLIGHT });
  return waiting;
};

/** Of a batch of 100, beside the listing that goes on. */
const PLANS_IN_FLIGHT = 16;

const planOne = async (
  evaluator: Evaluator,
  { resource, observation, live = false }: Judged,
): Promise<void> => {
  const { rule, session, context, table, publish, now, appliedSettings } = evaluator;
  const seen = live ? observation : await rule.observe.one(resource, { session });
  if (!seen) return;
  const verdict = judgeOrExempt(evaluator, resource, seen);
  if (verdict.complianceType !== 'NON_COMPLIANT') return;
  const planned = await planFix({ rule, resource, observation: seen, verdict, context }, session);
  if ('human' in planned) return;
  const { planLivesDays: livesDays } = appliedSettings.limits;
  if (!(await recordPlan(table, { plan: planned.plan, now: now(), livesDays }))) return;
  const owner = await ownerOf(await tagged(resource, evaluator), evaluator);
  const created = { type: 'plan-created', ...about(evaluator, resource), owner, plan: planned.plan } as const;
  await publish([auditEvent(created, now())]);
};

/** A listing brings no tags along: they are asked for where a new plan is told to whom they name. */
const tagged = async (resource: Resource, { session, tags }: Evaluator): Promise<Resource> => {
  if (resource.tags) return resource;
  const named = withArn(resource, session);
  if (tags) return { ...named, tags: tags.get(named.arn ?? '') ?? {} };
  const what = `The tags of ${resource.resourceId} are not known, so its plan goes to the owner of the account`;
  return bestEffort(what, () => withTags(named, session), named);
};
