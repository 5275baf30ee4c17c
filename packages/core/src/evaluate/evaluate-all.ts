import { auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import { explain, transient } from '../base/errors.ts';
import {
  eventSubject,
  resourceEvaluatedEvent,
  judgeOrExempt,
  evaluationFailedEvent,
  withTagsForExemptions,
  type EvaluationContext,
} from './evaluator.ts';
import { recoverInterruptedChanges } from './recover-interrupted-changes.ts';
import { planViolations } from './plan-violations.ts';
import { previousVerdicts } from '../config/previous-verdicts.ts';
import type { Rule } from '../rule/rule.ts';
import type { Session } from '../aws/session.ts';
import { allows } from '../settings/settings.ts';
import { recordPopulation } from '../state/limits.ts';
import { sweep, type SweepCounts } from './sweep.ts';

/** A scheduled sweep: every resource of the account and Region judged, and AWS Config told what changed. */
export const evaluateAll = async (judging: EvaluationContext, notificationTime: Date): Promise<void> => {
  const evaluator = await withTagsForExemptions(judging);
  const { event, rule, session, mode, appliedSettings, publish, table } = evaluator;
  const off = mode === 'off';
  const { previous, previousUnreadable } = await readPrevious(session, event.configRuleName);
  const problems: unknown[] = [];
  let sentAny = false;

  const counts = await sweep({
    rule: off ? silenced(rule) : rule,
    session,
    notificationTime,
    previous,
    full: appliedSettings.sweep === 'full',
    repeatNonCompliant: mode === 'auto' && appliedSettings.repeatNonCompliantInAuto,
    judge: (resource, observation) => judgeOrExempt(evaluator, resource, observation),
    send: async (judged) => {
      // A verdict whose plan has to wait is held back with it: the next try then finds it to be news again.
      const unplanned = await planViolations(evaluator, judged);
      problems.push(...unplanned.values());
      const ready = judged.filter((one) => !unplanned.has(one));
      if (ready.length === 0) return;
      sentAny = true;
      await evaluator.put(session, event.resultToken, ready);
      await publish(ready.map((one) => resourceEvaluatedEvent(evaluator, one)));
    },
    // Its plan expired, or was never made because the mode was another.
    onUnchanged: async (judged) => {
      problems.push(...(await planViolations(evaluator, judged)).values());
    },
    vanishedReason: off ? 'The rule is off in this account.' : 'The resource is gone.',
    onUnreadable: (resource, error) => publish([evaluationFailedEvent(evaluator, resource, error)]),
  });

  // Even a sweep without news answers, so that AWS Config sees the rule alive.
  if (!sentAny) await evaluator.put(session, event.resultToken, []);
  await publish([sweepCompleted(evaluator, { counts, notificationTime, previousUnreadable })]);
  if (allows(mode, 'approve')) {
    await recordPopulation(table, { ...event, command: rule.command }, counts.resources);
    await recoverInterruptedChanges(evaluator);
  }
  if (problems.length > 0)
    throw transient(
      'plan-failed',
      `${problems.length} plans could not be made, the first because ${explain(problems[0])}`,
      problems[0],
    );
};

/** A rule that is off lists nothing, so that the clean-up takes its old verdicts away. */
const silenced = (rule: Rule): Rule => ({
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

const sweepCompleted = (
  evaluator: EvaluationContext,
  { counts, notificationTime, previousUnreadable }: SweepResult,
): AuditEvent =>
  auditEvent(
    {
      type: 'sweep-completed',
      ...eventSubject(evaluator),
      counts,
      orderingTime: notificationTime.toISOString(),
      ...(previousUnreadable !== undefined && { previousUnreadable }),
    },
    evaluator.now(),
  );

interface SweepResult {
  readonly counts: SweepCounts;
  readonly notificationTime: Date;
  readonly previousUnreadable?: string | undefined;
}
