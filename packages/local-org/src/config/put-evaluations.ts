import { ResourceType } from '@aws-sdk/client-config-service';
import * as z from 'zod';

import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { fromJsonTime } from '../base/json-time.ts';
import { parseInput } from '../protocol/parse-input.ts';
import type { Rule } from './rule.ts';
import type { RuleStore } from './rule-store.ts';
import type { ResultTokens } from './result-tokens.ts';
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

/** An evaluation as accepted. */
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
  /** Whether this evaluation comes back among the failed ones, as a busy AWS Config would have it. */
  readonly fails: (evaluation: Evaluation, rule: Rule) => boolean;
  readonly store: (rule: Rule, accepted: AcceptedEvaluation) => void;
}

/** The account itself is a resource of no service, hence the empty part. `AWS::Account` is a classic mistake. */
const resourceTypes = new Set<string>([...Object.values(ResourceType), 'AWS::::Account']);

/**
 * PutEvaluations, as strict as AWS's: one bad evaluation refuses the whole call.
 * @see https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html
 */
export const createPutEvaluations =
  ({ tokens, rules, fails, store }: PutEvaluationsDependencies) =>
  async (call: Call): Promise<unknown> => {
    const {
      Evaluations: evaluations = [],
      ResultToken: token,
      TestMode: testMode,
    } = parseInput(Request, call.input);
    const accepted = evaluations.map((evaluation) => [evaluation, acceptedEvaluation(evaluation)] as const);
    // In test mode any token will do and nothing is stored.
    if (testMode === true) return { FailedEvaluations: [] };
    const issued = tokens.redeem(token, call);
    const rule = rules.get(call, issued.ruleName);
    // The name may have been given to a new rule since: its predecessor's token is not valid for it.
    if (rule === undefined || rule.id !== issued.ruleId) throw noSuchRule(issued.ruleName);
    const failed = evaluations.filter((evaluation) => fails(evaluation, rule));
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
    `The ConfigRule '${name}' of this ResultToken does not exist any more.`,
    400,
  );
