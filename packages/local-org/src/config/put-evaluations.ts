import { ResourceType } from '@aws-sdk/client-config-service';
import * as z from 'zod';

import { fromJsonTime } from '../base/json-time.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { parseInput } from '../protocol/parse-input.ts';
import type { ResultTokens } from './result-tokens.ts';
import type { RuleStore } from './rule-store.ts';
import type { Rule } from './rule.ts';
import type { ComplianceType } from './verdicts.ts';

const Evaluation = z.object({
  ComplianceResourceType: z.string().min(1).max(256),
  ComplianceResourceId: z.string().min(1).max(768),
  ComplianceType: z.enum(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA']),
  Annotation: z.string().min(1).max(256).optional(),
  OrderingTimestamp: z.number(),
});
export type Evaluation = z.output<typeof Evaluation>;

const Request = z.object({
  Evaluations: z.array(Evaluation).max(100).optional(),
  ResultToken: z.string().min(1),
  TestMode: z.boolean().optional(),
});

/** A valid evaluation. */
export interface AcceptedEvaluation {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly complianceType: ComplianceType;
  readonly annotation: string | undefined;
  readonly orderingTimestamp: Date;
}

export interface PutEvaluationsDependencies {
  readonly tokens: ResultTokens;
  readonly rules: Pick<RuleStore, 'get'>;
  /** Whether to return the evaluation in FailedEvaluations, as AWS Config does under load. */
  readonly mustFail: (evaluation: Evaluation, rule: Rule) => boolean;
  readonly store: (rule: Rule, evaluation: AcceptedEvaluation) => void;
}

/** The type of an account has an empty service part; `AWS::Account` is a common mistake. */
const resourceTypes = new Set<string>([...Object.values(ResourceType), 'AWS::::Account']);

/**
 * PutEvaluations. As in AWS, one invalid evaluation fails the whole call.
 * @see https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html
 */
export const createPutEvaluations =
  ({ tokens, rules, mustFail, store }: PutEvaluationsDependencies) =>
  async (call: Call): Promise<unknown> => {
    const {
      Evaluations: evaluations = [],
      ResultToken: token,
      TestMode: testMode,
    } = parseInput(Request, call.input);
    const accepted = evaluations.map((evaluation) => [evaluation, acceptedEvaluation(evaluation)] as const);
    // In test mode any token is accepted and nothing is stored.
    if (testMode === true) return { FailedEvaluations: [] };
    const issued = tokens.redeem(token, call);
    const rule = rules.get(call, issued.ruleName);
    // A token is not valid for a later rule with the same name.
    if (rule === undefined || rule.id !== issued.ruleId) throw noSuchRule(issued.ruleName);
    const failed = evaluations.filter((evaluation) => mustFail(evaluation, rule));
    for (const [evaluation, result] of accepted) if (!failed.includes(evaluation)) store(rule, result);
    return { FailedEvaluations: failed };
  };

const acceptedEvaluation = (evaluation: Evaluation): AcceptedEvaluation => {
  const { ComplianceType: complianceType, ComplianceResourceType: resourceType } = evaluation;
  if (complianceType === 'INSUFFICIENT_DATA') {
    throw invalid('The compliance type INSUFFICIENT_DATA is not allowed in PutEvaluations.');
  }
  if (!resourceTypes.has(resourceType)) {
    throw invalid(`The resource type '${resourceType}' is not one that AWS Config supports.`);
  }
  return {
    resourceType,
    resourceId: evaluation.ComplianceResourceId,
    complianceType,
    annotation: evaluation.Annotation,
    orderingTimestamp: fromJsonTime(evaluation.OrderingTimestamp),
  };
};

const invalid = (message: string) => awsError('InvalidParameterValueException', message, 400);

const noSuchRule = (name: string) =>
  awsError(
    'NoSuchConfigRuleException',
    `The ConfigRule '${name}' of the ResultToken does not exist any more.`,
    400,
  );
