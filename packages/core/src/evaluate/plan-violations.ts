import pMap from 'p-map';

import { announcePlan } from '../remediate/announce-plan.ts';
import { bestEffort } from '../base/best-effort.ts';
import { cached } from '../base/cached.ts';
import { failureKind } from '../base/errors.ts';
import { eventSubject, judgeOrExempt, evaluationFailedEvent, type EvaluationContext } from './evaluator.ts';
import { ownerOf } from '../settings/owner.ts';
import { planFix } from '../plan/plan-fix.ts';
import type { Resource } from '../aws/resource.ts';
import { arnOf, tagsByArn, type Tags } from '../aws/resource-tags.ts';
import { allows } from '../settings/settings.ts';
import type { Judged } from './sweep.ts';

/**
 * In modes `plan` and `approve`: what would be done, published once for each finding. Answers the findings whose
 * plan has to wait for a transient fault to pass; one that cannot be planned at all is an audit event.
 */
export const planViolations = async (
  evaluator: EvaluationContext,
  judged: readonly Judged[],
): Promise<ReadonlyMap<Judged, unknown>> => {
  const waiting = new Map<Judged, unknown>();
  if (!allows(evaluator.mode, 'plan') || evaluator.mode === 'auto') return waiting;
  const findings = judged.filter(({ verdict }) => verdict.complianceType === 'NON_COMPLIANT');
  const tagsOf = tagsOfAll(evaluator, findings);
  const planOrWait = async (finding: Judged) => {
    try {
      await planOne(evaluator, finding, tagsOf);
    } catch (error) {
      if (failureKind(error) === 'transient') waiting.set(finding, error);
      else await evaluator.publish([evaluationFailedEvent(evaluator, finding.resource, error)]);
    }
  };
  await pMap(findings, planOrWait, { concurrency: PLANS_IN_FLIGHT });
  return waiting;
};

/** Of a batch of 100, beside the listing that goes on. */
const PLANS_IN_FLIGHT = 16;

const planOne = async (
  evaluator: EvaluationContext,
  { resource, observation, live = false }: Judged,
  tagsOf: TagsOf,
): Promise<void> => {
  const { rule, session, context, appliedSettings } = evaluator;
  const seen = live ? observation : await rule.observe.get(resource, { session });
  if (!seen) return;
  const verdict = judgeOrExempt(evaluator, resource, seen);
  if (verdict.complianceType !== 'NON_COMPLIANT') return;
  const planned = await planFix({ rule, resource, observation: seen, verdict, context }, session);
  if ('human' in planned) return;
  const { planLivesDays: livesDays } = appliedSettings.limits;
  const aboutNew = async () => {
    const owner = await ownerOf({ tags: await tagsOf(resource) }, evaluator);
    return { ...eventSubject(evaluator, resource), owner };
  };
  await announcePlan({ plan: planned.plan, livesDays, about: aboutNew }, evaluator);
};

type TagsOf = (resource: Resource) => Promise<Tags>;

/** A listing brings no tags along: with the first new plan they are asked for, those of all findings in one call. */
const tagsOfAll = ({ session, tags: known }: EvaluationContext, findings: readonly Judged[]): TagsOf => {
  const resources = findings.map(({ resource }) => resource).filter(({ tags }) => tags === undefined);
  const what = `The tags of ${resources.length} resources are not known, so their plans go to the owner of the account`;
  const listed = cached(
    async () => known ?? bestEffort(what, () => tagsByArn(session, { resources }), new Map<string, Tags>()),
    BATCH_SECONDS,
  );
  return async (resource) => resource.tags ?? (await listed()).get(arnOf(resource, session) ?? '') ?? {};
};

/** Longer than a batch takes. */
const BATCH_SECONDS = 900;
