import pMap from 'p-map';

import { announcePlan } from './announce-plan.ts';
import { failureKind } from './errors.ts';
import { about, judgeOrExempt, unreadable, type Evaluator } from './evaluator.ts';
import { planFix } from './plan-fix.ts';
import { allows } from './settings.ts';
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
  const { rule, session, context, appliedSettings } = evaluator;
  const seen = live ? observation : await rule.observe.one(resource, { session });
  if (!seen) return;
  const verdict = judgeOrExempt(evaluator, resource, seen);
  if (verdict.complianceType !== 'NON_COMPLIANT') return;
  const planned = await planFix({ rule, resource, observation: seen, verdict, context }, session);
  if ('human' in planned) return;
  const { planLivesDays: livesDays } = appliedSettings.limits;
  await announcePlan({ plan: planned.plan, livesDays, about: about(evaluator, resource) }, evaluator);
};
