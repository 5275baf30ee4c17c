import * as z from 'zod';

import { toJsonTime } from '../base/json-time.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { limitOrDefault, page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import type { RuleStore } from './rule-store.ts';
import type { Rule } from './rule.ts';

/** The evaluation status of a rule. */
export interface RuleStatus {
  lastSuccessfulInvocation?: Date;
  lastFailedInvocation?: Date;
  lastSuccessfulEvaluation?: Date;
  lastErrorCode?: string | undefined;
  lastErrorMessage?: string | undefined;
  /** Time of the last StartConfigRulesEvaluation. */
  startedAt?: Date;
}

const StartRequest = z.object({ ConfigRuleNames: z.array(z.string()).min(1).max(25) });
const StatusRequest = z.object({
  ConfigRuleNames: z.array(z.string()).max(100).optional(),
  NextToken: z.string().optional(),
  Limit: z.int().min(0).max(150).optional(),
});

/** AWS Config's operations that start evaluations and describe their status. */
export const evaluationHandlers = (
  rules: RuleStore,
  {
    now,
    statusOf,
    evaluateAll,
  }: { now: () => Date; statusOf: (rule: Rule) => RuleStatus; evaluateAll: (rule: Rule) => void },
) => ({
  'config:StartConfigRulesEvaluation': async (call: Call) => {
    const requested = parseInput(StartRequest, call.input).ConfigRuleNames.map((name) =>
      rules.getOrThrow(call, name),
    );
    for (const rule of requested) {
      const last = statusOf(rule).startedAt;
      if (last !== undefined && now().getTime() - last.getTime() < 60_000) throw limitExceeded(rule.name);
    }
    for (const rule of requested) {
      statusOf(rule).startedAt = now();
      evaluateAll(rule);
    }
    return {};
  },
  'config:DescribeConfigRuleEvaluationStatus': async (call: Call) => {
    const request = parseInput(StatusRequest, call.input);
    const requested = request.ConfigRuleNames?.map((name) => rules.getOrThrow(call, name)) ?? rules.of(call);
    const found = page(requested, {
      limit: limitOrDefault(request.Limit, 150),
      nextToken: request.NextToken,
    });
    return {
      ConfigRulesEvaluationStatus: found.items.map((rule) => evaluationStatus(rule, statusOf(rule))),
      NextToken: found.nextToken,
    };
  },
});

const evaluationStatus = (rule: Rule, status: RuleStatus) => ({
  ConfigRuleName: rule.name,
  ConfigRuleArn: rule.arn,
  ConfigRuleId: rule.id,
  FirstActivatedTime: toJsonTime(rule.activatedAt),
  LastSuccessfulInvocationTime: jsonTime(status.lastSuccessfulInvocation),
  LastFailedInvocationTime: jsonTime(status.lastFailedInvocation),
  LastSuccessfulEvaluationTime: jsonTime(status.lastSuccessfulEvaluation),
  LastErrorCode: status.lastErrorCode,
  LastErrorMessage: status.lastErrorMessage,
  FirstEvaluationStarted: status.lastSuccessfulEvaluation !== undefined,
});

const jsonTime = (date: Date | undefined): number | undefined =>
  date === undefined ? undefined : toJsonTime(date);

const limitExceeded = (name: string) =>
  awsError(
    'LimitExceededException',
    `Too many evaluations of rule '${name}': StartConfigRulesEvaluation was called less than a minute ago.`,
    400,
  );
