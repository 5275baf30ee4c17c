import { randomUUID } from 'node:crypto';

import { defined } from '../base/defined.ts';
import { failureKind } from '../base/errors.ts';
import type { JudgeContext, Rule } from '../rule/rule.ts';
import type { Exemption } from '../settings/exemptions.ts';
import { absentServiceReason, concernsAccount, withRecordedTriggers } from '../settings/rule-scope.ts';
import { accountIn, applicableTo, assertOwnRegion, parametersOf } from '../settings/settings.ts';
import { auditEvent, failureOf, type AuditEvent } from '../audit/audit-event.ts';
import { createNoticeLimiter } from '../audit/notice-limiter.ts';
import type { Publisher } from '../audit/publisher.ts';
import { parseConfigRuleEvent, type ConfigRuleEvent } from '../config/config-rule-event.ts';
import { evaluateAll } from './evaluate-all.ts';
import { changedResource, evaluateItem } from './evaluate-item.ts';
import type { EvaluateDependencies, EvaluationContext, Invocation } from './evaluation-context.ts';

/**
 * Evaluates an AWS Config event: sends and publishes its verdicts.
 * A transient fault is thrown, so that Lambda retries; a permanent one is one audit event and never a verdict.
 */
export const createEvaluate = (dependencies: EvaluateDependencies) => {
  const mayNotify = createNoticeLimiter();
  return async (input: unknown, invocation: Invocation = { awsRequestId: randomUUID() }): Promise<void> => {
    let subject: Pick<AuditEvent, 'command' | 'accountId' | 'region' | 'resource'> = {};
    let trigger = 'unreadable';
    try {
      const event = parseConfigRuleEvent(input);
      const { command, accountId, region } = event;
      trigger = event.trigger.type;
      subject = defined({ command, accountId, region, resource: changedResource(event.trigger) });
      const { tell, assertTold } = createTell(dependencies.publish);
      await evaluateEvent(event, { ...dependencies, invocation, tell });
      assertTold();
    } catch (error) {
      if (failureKind(error) === 'transient') throw error;
      const failed = { type: 'evaluation-failed', ...subject, trigger, error: failureOf(error) } as const;
      const { code, message } = failed.error;
      const isUnknownAccount = subject.accountId === undefined || code === 'foreign-account';
      if (isUnknownAccount && !mayNotify(subject.accountId ?? message, dependencies.now())) return;
      await dependencies.publish([auditEvent(failed, dependencies.now(), invocation.awsRequestId)]);
    }
  };
};

/** Publishes, and throws the first failure at the end. */
const createTell = (publish: Publisher) => {
  const failures: unknown[] = [];
  return {
    tell: (events: readonly AuditEvent[]) =>
      publish(events).then(
        () => true,
        (error: unknown) => {
          failures.push(error);
          return false;
        },
      ),
    assertTold: () => {
      if (failures.length > 0) throw failures[0];
    },
  };
};

type InvokedDependencies = EvaluateDependencies & Pick<EvaluationContext, 'invocation' | 'tell'>;

const evaluateEvent = async (event: ConfigRuleEvent, dependencies: InvokedDependencies): Promise<void> => {
  const { trigger } = event;
  const appliedSettings = await dependencies.loadSettings();
  const account = accountIn(appliedSettings, event.accountId);
  assertOwnRegion(event, appliedSettings.organization);
  if (trigger.type === 'other') return ignore(event, dependencies, `message type ${trigger.messageType}`);
  const rule = withRecordedTriggers(await dependencies.loadRule(event.command), appliedSettings);
  if (!concernsAccount(rule, appliedSettings, event.accountId))
    return ignore(event, dependencies, 'the rule concerns the management account only');
  const absent = absentServiceReason(rule, event);
  if (absent !== undefined && trigger.type !== 'schedule') return ignore(event, dependencies, absent);
  const context = await createContext(event, { appliedSettings, account, rule }, dependencies);
  if (trigger.type === 'schedule') return evaluateAll(context, trigger.notificationTime);
  if (context.mode === 'off') return ignore(event, dependencies, 'the rule is off in this account');
  return evaluateItem(context, trigger);
};

const ignore = async (
  { command, accountId, region }: ConfigRuleEvent,
  { tell, now, invocation }: InvokedDependencies,
  reason: string,
): Promise<void> => {
  const ignored = { type: 'event-ignored', command, accountId, region, reason } as const;
  await tell([auditEvent(ignored, now(), invocation.awsRequestId)]);
};

const createContext = async (
  event: ConfigRuleEvent,
  { appliedSettings, account, rule }: Pick<EvaluationContext, 'appliedSettings' | 'account' | 'rule'>,
  dependencies: InvokedDependencies,
): Promise<EvaluationContext> => {
  const applicable = applicableTo(appliedSettings, account, rule.command);
  const judgeContext: JudgeContext = {
    parameters: parametersOf(rule, applicable, event),
    accountId: event.accountId,
    region: event.region,
    partition: event.partition,
    now: dependencies.now(),
  };
  const exemptions = await readExemptions(event, rule, dependencies);
  // A re-evaluation right after a fix must not share what a sweep listed before the fix.
  const since = event.trigger.type === 'schedule' ? event.trigger.notificationTime : judgeContext.now;
  const session = (await dependencies.openSession(event)).asOf(since);
  return {
    ...dependencies,
    event,
    rule,
    session,
    account,
    appliedSettings,
    exemptionMaxDays: appliedSettings.exemptionMaxDays,
    exclusions: appliedSettings.exclusions,
    mode: applicable.mode,
    judgeContext,
    exemptions,
  };
};

// Unreadable exemptions stop fixes, not verdicts: an exempt resource then shows as NON_COMPLIANT.
const readExemptions = async (
  { command, accountId, region, trigger }: ConfigRuleEvent,
  { severity }: Rule,
  { loadExemptions, tell, now, invocation }: InvokedDependencies,
): Promise<readonly Exemption[]> => {
  try {
    return await loadExemptions();
  } catch (error) {
    const failed = {
      type: 'evaluation-failed',
      command,
      severity,
      accountId,
      region,
      trigger: `${trigger.type}: exemptions`,
      error: failureOf(error),
    } as const;
    await tell([auditEvent(failed, now(), invocation.awsRequestId)]);
    return [];
  }
};
