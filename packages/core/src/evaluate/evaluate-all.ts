import { bestEffort } from '../base/best-effort.ts';
import { defined } from '../base/defined.ts';
import { explain, transient } from '../base/errors.ts';
import { resourceKey } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { Rule } from '../rule/rule.ts';
import { absentServiceReason } from '../settings/rule-scope.ts';
import { allows } from '../settings/settings.ts';
import { auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import { recordPopulation } from '../state/limits.ts';
import { previousVerdicts } from '../config/previous-verdicts.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { evaluationFailedEvent, eventSubject, resourceEvaluatedEvent } from './evaluation-events.ts';
import { askToRecover } from './ask-to-recover.ts';
import { openKnownExemptions } from './known-exemptions.ts';
import { judgeOrExempt, withTagsForExemptions } from './judge.ts';
import { planViolations } from './plan-violations.ts';
import { watchProtection, type ProtectionNotices } from './protection-growth.ts';
import { reportDeployedRule, reportMissedSweep } from './report-circumstances.ts';
import { sweep, type Judged, type SweepCounts } from './sweep.ts';
import { openUnconfirmed } from './open-unconfirmed.ts';

/** A scheduled sweep: judges every resource of the account and Region, and sends what changed. */
export const evaluateAll = async (evaluation: EvaluationContext, notificationTime: Date): Promise<void> => {
  const context = await withTagsForExemptions(evaluation);
  const { event, rule, session, mode, appliedSettings, tell, table } = context;
  const inactive =
    mode === 'off' ? 'The rule is off in this account.' : absentServiceReason(rule, context.event);
  const { previous, previousUnreadable } = await readPrevious(session, event.configRuleName);
  const unconfirmed = await openUnconfirmed(context);
  const exempt = await openKnownExemptions(context);
  const protection = watchProtection(context);
  const tellVerdicts = async (judged: readonly Judged[]): Promise<boolean> => {
    const isTold = await tell(judged.map((one) => resourceEvaluatedEvent(context, one)));
    if (isTold) exempt.published(judged);
    return isTold;
  };
  const problems: unknown[] = [];
  let sentAny = false;

  const counts = await sweep({
    rule: inactive === undefined ? rule : withoutResources(rule),
    session,
    notificationTime,
    previous,
    full: appliedSettings.sweep === 'full',
    repeatNonCompliant: mode === 'auto' && appliedSettings.repeatNonCompliantInAuto,
    judge: (resource, observation) => {
      const verdict = judgeOrExempt(context, resource, observation);
      protection.see(resource, verdict);
      return verdict;
    },
    send: async (judged) => {
      sentAny = true;
      await unconfirmed.during(judged, async () => {
        await context.put(session, event.resultToken, judged);
        const verdictOf = (one: Judged) => resourceEvaluatedEvent(context, one).id;
        problems.push(...(await planViolations(context, judged, verdictOf)).values());
        return tellVerdicts(judged);
      });
    },
    unconfirmed: {
      has: (judged) => unconfirmed.keys.has(resourceKey(judged.resource)) || exempt.isNews(judged),
      keys: new Set([...unconfirmed.keys, ...exempt.keys]),
      publish: (judged) => unconfirmed.during(judged, () => tellVerdicts(judged)),
    },
    // The plan expired, or was never made because the mode was another.
    onUnchanged: async (judged) => {
      problems.push(...(await planViolations(context, judged)).values());
    },
    vanishedReason: inactive ?? 'The resource is gone.',
    onUnreadable: async (resource, error) => {
      await tell([evaluationFailedEvent(context, resource, error)]);
    },
  });

  // A sweep without changes answers too: it shows AWS Config that the rule is alive.
  if (!sentAny) await context.put(session, event.resultToken, []);
  await unconfirmed.close();
  await exempt.remember();
  const notices = await protection.notices();
  const completed = sweepCompletedEvent(context, { counts, notificationTime, previousUnreadable, notices });
  if (await tell([completed])) await protection.remember();
  if (allows(mode, 'approve'))
    await recordPopulation(table, { ...event, command: rule.command }, counts.resources);
  await askToRecover(context);
  await reportMissedSweep(context, notificationTime);
  await reportDeployedRule(context);
  await bestEffort(
    'What waits for a sink is not delivered yet',
    () => context.redeliver({ ...event, command: rule.command }),
    undefined,
  );
  if (problems.length > 0)
    throw transient(
      'plan-failed',
      `${problems.length} plans could not be made; the first failed: ${explain(problems[0])}`,
      problems[0],
    );
};

/** A rule that is off lists nothing, so that the clean-up removes its old verdicts. */
const withoutResources = (rule: Rule): Rule => ({
  ...rule,
  observe: { ...rule.observe, list: async function* () {} },
});

const readPrevious = async (session: Session, configRuleName: string) => {
  try {
    return { previous: await previousVerdicts(session, configRuleName) };
  } catch (error) {
    return { previousUnreadable: explain(error) };
  }
};

interface SweepResult {
  readonly counts: SweepCounts;
  readonly notificationTime: Date;
  readonly previousUnreadable?: string | undefined;
  readonly notices: ProtectionNotices;
}

const sweepCompletedEvent = (
  context: EvaluationContext,
  { counts, notificationTime, previousUnreadable, notices }: SweepResult,
): AuditEvent =>
  auditEvent(
    {
      type: 'sweep-completed',
      ...eventSubject(context),
      counts,
      orderingTime: notificationTime.toISOString(),
      durationMs: context.now().getTime() - context.judgeContext.now.getTime(),
      ...defined({ previousUnreadable }),
      ...notices,
    },
    context.now(),
    notificationTime,
  );
