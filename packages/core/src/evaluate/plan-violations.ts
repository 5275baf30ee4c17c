import pMap from 'p-map';

import { bestEffort } from '../base/best-effort.ts';
import { cached } from '../base/cached.ts';
import { defined } from '../base/defined.ts';
import { failureKind } from '../base/errors.ts';
import { arnOf, tagsByArn, withArn, type Tags } from '../aws/resource-tags.ts';
import type { Resource } from '../aws/resource.ts';
import { withIdentity } from '../rule/identity.ts';
import { leftAloneReason } from '../settings/exclusions.ts';
import { ownerOf } from '../settings/owner.ts';
import { allows } from '../settings/settings.ts';
import { planFix } from '../plan/plan-fix.ts';
import { publishPlanAlone } from '../state/plans.ts';
import { announcePlan } from '../remediate/announce-plan.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { evaluationFailedEvent, eventSubject } from './evaluation-events.ts';
import { judgeOrExempt } from './judge.ts';
import type { Judged } from './sweep.ts';

/**
 * Plans violations in modes `plan` and `approve`, and publishes new plans.
 * Returns the violations whose plan has to wait because of a transient fault. A fix that cannot be planned at all
 * becomes an audit event. `verdictOf` names the event that led to a plan, when the verdict is a new one.
 */
export const planViolations = async (
  context: EvaluationContext,
  judged: readonly Judged[],
  verdictOf: (violation: Judged) => string | undefined = () => undefined,
): Promise<ReadonlyMap<Judged, unknown>> => {
  const waiting = new Map<Judged, unknown>();
  if (!allows(context.mode, 'plan') || context.mode === 'auto') return waiting;
  const violations = judged.filter(({ verdict }) => verdict.complianceType === 'NON_COMPLIANT');
  const tagsOf = tagLoader(context, violations);
  const planOrWait = async (violation: Judged) => {
    try {
      await planOne(context, violation, { tagsOf, causationId: verdictOf(violation) });
    } catch (error) {
      if (failureKind(error) === 'transient') waiting.set(violation, error);
      else await context.tell([evaluationFailedEvent(context, violation.resource, error)]);
    }
  };
  await pMap(violations, planOrWait, { concurrency: PLANS_IN_FLIGHT });
  return waiting;
};

/** Plans made at once, of a batch of 100, while the listing continues. */
const PLANS_IN_FLIGHT = 16;

const planOne = async (
  context: EvaluationContext,
  { resource: judged, observation, live = false }: Judged,
  { tagsOf, causationId }: { readonly tagsOf: TagLoader; readonly causationId: string | undefined },
): Promise<void> => {
  const { rule, session, judgeContext, appliedSettings } = context;
  const current = live ? observation : await rule.observe.get(judged, { session });
  if (!current) return;
  const resource = withIdentity(judged, current);
  const verdict = judgeOrExempt(context, resource, current);
  if (verdict.complianceType !== 'NON_COMPLIANT') return;
  const planned = await planFix({ rule, resource, observation: current, verdict, judgeContext }, session);
  if ('manual' in planned) return;
  const describe = async () => {
    const tags = await tagsOf(resource);
    const owner = await ownerOf({ tags }, context);
    const subject = { ...eventSubject(context, resource), owner, ...defined({ causationId }) };
    const named = { ...withArn(resource, session, rule.resource), tags };
    const reason = leftAloneReason(named, appliedSettings, { approved: false, place: judgeContext });
    return { subject, ...(reason !== undefined && { blocker: { reason } }) };
  };
  await announcePlan(
    { plan: planned.plan, ttlDays: appliedSettings.limits.planTtlDays, describe },
    { ...context, publishRows: publishPlanAlone },
  );
};

type TagLoader = (resource: Resource) => Promise<Tags>;

/** Loads tags that a listing leaves out: with the first new plan, for all violations in one call. */
const tagLoader = (
  { session, tags: known, rule }: EvaluationContext,
  violations: readonly Judged[],
): TagLoader => {
  const { resource: shape = {} } = rule;
  const resources = violations.map(({ resource }) => resource).filter(({ tags }) => tags === undefined);
  const what = `The tags of ${resources.length} resources could not be read, so their plans go to the account's owner`;
  const listed = cached(
    async () =>
      known ?? bestEffort(what, () => tagsByArn(session, shape, resources), new Map<string, Tags>()),
    BATCH_SECONDS,
    session.clock.now,
  );
  return async (resource) =>
    resource.tags ?? (await listed()).get(arnOf(resource, session, shape) ?? '') ?? {};
};

/** Longer than a batch takes. */
const BATCH_SECONDS = 900;
