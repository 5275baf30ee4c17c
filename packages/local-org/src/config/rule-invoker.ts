import type { ConfigurationItem } from '../base/configuration-item.ts';
import type { OrgEvents } from '../base/org-event.ts';
import { type Place, samePlace } from '../base/place.ts';
import type { Work } from '../base/work.ts';
import type { History } from '../items/history.ts';
import { AwsError } from '../protocol/aws-error.ts';
import { evaluationHandlers, type RuleStatus } from './evaluation-handlers.ts';
import type { ResultTokens } from './result-tokens.ts';
import { changeNotification, type InvokingEvent, ruleEvent, scheduledNotification } from './rule-event.ts';
import type { RuleStore } from './rule-store.ts';
import { covers, listensToOversized, isChangeTriggered, isPeriodic, type Rule } from './rule.ts';

export interface RuleInvokerDependencies {
  readonly now: () => Date;
  readonly work: Work;
  readonly events: OrgEvents;
  readonly history: History;
  readonly tokens: ResultTokens;
  /** @throws {AwsError} when the function's resource policy does not allow AWS Config to invoke it for the rule */
  readonly authorizeInvoke: (rule: Rule) => Promise<void>;
  /** Invokes asynchronously; resolves after the last attempt, with its error if it failed. */
  readonly invokeFunction: (functionArn: string, payload: unknown) => Promise<string | undefined>;
}

export interface RuleInvoker {
  /** Invokes the change-triggered rules that cover a recorded item. */
  readonly onItemRecorded: (
    rules: readonly Rule[],
    place: Place,
    item: ConfigurationItem,
    diff: unknown,
  ) => void;
  /** Evaluates all resources of a new, changed or re-evaluated rule. */
  readonly evaluateAll: (rule: Rule) => void;
  readonly invokeScheduled: (rule: Rule) => void;
  readonly invoke: (
    rule: Rule,
    invokingEvent: InvokingEvent,
    options?: { readonly eventLeftScope?: boolean },
  ) => void;
  readonly onEvaluated: (rule: Rule) => void;
  readonly handlers: (rules: RuleStore) => ReturnType<typeof evaluationHandlers>;
}

/** Invokes the functions of rules, and keeps their evaluation status. */
export const createRuleInvoker = (deps: RuleInvokerDependencies): RuleInvoker => {
  const statuses = new Map<string, RuleStatus>();
  const statusOf = (rule: Rule): RuleStatus => {
    const status = statuses.get(rule.arn) ?? {};
    statuses.set(rule.arn, status);
    return status;
  };

  const invoke: RuleInvoker['invoke'] = (rule, invokingEvent, { eventLeftScope = false } = {}) => {
    deps.work.start(`evaluating ${rule.name} in ${rule.place.accountId}`, async () => {
      await invokeRule(deps, rule, statusOf(rule), invokingEvent, eventLeftScope);
    });
  };

  const invokeScheduled = (rule: Rule): void => {
    invoke(rule, scheduledNotification(rule.place.accountId, deps.now()));
  };

  const evaluateAll = (rule: Rule): void => {
    if (isChangeTriggered(rule)) {
      // AWS sends the last recorded item, however old, without a difference.
      for (const item of deps.history.existing(rule.place)) {
        if (covers(rule, item.resourceType, item.resourceId))
          invoke(rule, changeNotification(item, null, deps.now()));
      }
    }
    if (isPeriodic(rule)) invokeScheduled(rule);
  };

  return {
    invoke,
    invokeScheduled,
    evaluateAll,
    onItemRecorded: (rules, place, item, diff) => {
      for (const rule of rules) {
        if (!isChangeTriggered(rule) || !samePlace(rule.place, place)) continue;
        if (covers(rule, item.resourceType, item.resourceId))
          invoke(rule, changeNotification(item, diff, deps.now()));
      }
    },
    onEvaluated: (rule) => {
      statusOf(rule).lastSuccessfulEvaluation = deps.now();
    },
    handlers: (rules) => evaluationHandlers(rules, { now: deps.now, statusOf, evaluateAll }),
  };
};

const invokeRule = async (
  { tokens, now, events, authorizeInvoke, invokeFunction }: RuleInvokerDependencies,
  rule: Rule,
  status: RuleStatus,
  invokingEvent: InvokingEvent,
  eventLeftScope: boolean,
): Promise<void> => {
  const { messageType } = invokingEvent;
  const { place, name: ruleName } = rule;
  if (messageType === 'OversizedConfigurationItemChangeNotification' && !listensToOversized(rule)) {
    // AWS drops the notification silently, because the rule does not subscribe to oversized items.
    events.emit({
      type: 'RuleNotInvoked',
      place,
      ruleName,
      reason: `The rule does not subscribe to ${messageType}.`,
    });
    return;
  }
  try {
    await authorizeInvoke(rule);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    Object.assign(status, {
      lastFailedInvocation: now(),
      lastErrorCode: error.code,
      lastErrorMessage: error.message,
    });
    events.emit({ type: 'RuleNotInvoked', place, ruleName, reason: error.message });
    return;
  }
  const resultToken = tokens.issue({ place, ruleName, ruleId: rule.id });
  const resource = resourceOf(invokingEvent);
  events.emit({
    type: 'RuleInvoked',
    place,
    ruleName,
    messageType,
    ...(resource === undefined ? {} : { resource }),
  });
  status.lastSuccessfulInvocation = now();
  const failure = await invokeFunction(
    rule.functionArn,
    ruleEvent(rule, invokingEvent, { resultToken, eventLeftScope }),
  );
  status.lastErrorCode = failure === undefined ? undefined : 'CustomRuleFunctionError';
  status.lastErrorMessage = failure;
};

const resourceOf = (event: InvokingEvent): string | undefined => {
  switch (event.messageType) {
    case 'ConfigurationItemChangeNotification':
      return event.configurationItem.resourceId;
    case 'OversizedConfigurationItemChangeNotification':
      return String(event.configurationItemSummary['resourceId']);
    case 'ScheduledNotification':
      return undefined;
    default:
      throw new Error(`Unknown message type: ${JSON.stringify(event satisfies never)}`);
  }
};
