import type { Evaluation as PutEvaluation } from '@aws-sdk/client-config-service';

import { defined } from '../base/defined.ts';
import { resourceKey, type Resource } from '../aws/resource.ts';
import { annotationText } from '../rule/texts.ts';
import { annotationOf, type ComplianceType, type Verdict } from '../rule/verdict.ts';

/** A verdict to send to AWS Config. */
export interface Evaluation {
  readonly resource: Resource;
  readonly verdict: Verdict;
  /** The item's capture time for a change, the notification's for a schedule: AWS Config keeps the newest. */
  readonly orderingTime: Date;
}

/** The evaluation as PutEvaluations takes it. */
export const toPutEvaluation = ({ resource, verdict, orderingTime }: Evaluation): PutEvaluation => {
  const annotation = annotationOf(verdict);
  return {
    ComplianceResourceType: resource.resourceType,
    ComplianceResourceId: resource.resourceId,
    ComplianceType: verdict.complianceType,
    ...defined({ Annotation: annotation === undefined ? undefined : annotationText(annotation) }),
    OrderingTimestamp: orderingTime,
  };
};

const RANK: Readonly<Record<ComplianceType, number>> = {
  NOT_APPLICABLE: 0,
  COMPLIANT: 1,
  NON_COMPLIANT: 2,
};

/** Whether a verdict of the first type is worse than one of the other. */
export const isWorse = (complianceType: ComplianceType, than: ComplianceType): boolean =>
  RANK[complianceType] > RANK[than];

/** The worst evaluation of each resource. AWS Config does not document what it does with two in one call. */
export const withoutDuplicates = (evaluations: readonly Evaluation[]): readonly Evaluation[] => {
  const worst = new Map<string, Evaluation>();
  for (const evaluation of evaluations) {
    const key = resourceKey(evaluation.resource);
    const known = worst.get(key);
    if (!known || isWorse(evaluation.verdict.complianceType, known.verdict.complianceType))
      worst.set(key, evaluation);
  }
  return [...worst.values()];
};
