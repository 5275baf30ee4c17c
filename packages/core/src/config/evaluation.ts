import type { Evaluation as PutEvaluation } from '@aws-sdk/client-config-service';

import { resourceKey, type Resource } from '../aws/resource.ts';
import { annotationOf, type ComplianceType, type Verdict } from '../rule/verdict.ts';

/** A verdict on its way to AWS Config. */
export interface Evaluation {
  readonly resource: Resource;
  readonly verdict: Verdict;
  /** The item's capture time for a change, the notification's for a schedule: AWS Config keeps the newest. */
  readonly orderingTime: Date;
}

/** AWS Config takes 256 characters; how it counts beyond ASCII is not documented, so we stay within both. */
const ANNOTATION_LENGTH = 250;

/** The text as AWS Config takes it: 1 to 250 printable ASCII characters. */
export const annotationText = (text: string): string => {
  const plain = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^ -~]/g, '?')
    .trim();
  if (plain === '') return 'No reason was given.';
  return plain.length <= ANNOTATION_LENGTH ? plain : `${plain.slice(0, ANNOTATION_LENGTH - 3)}...`;
};

/** The evaluation in AWS Config's own words. */
export const toPutEvaluation = ({ resource, verdict, orderingTime }: Evaluation): PutEvaluation => {
  const annotation = annotationOf(verdict);
  return {
    ComplianceResourceType: resource.resourceType,
    ComplianceResourceId: resource.resourceId,
    ComplianceType: verdict.complianceType,
    ...(annotation !== undefined && { Annotation: annotationText(annotation) }),
    OrderingTimestamp: orderingTime,
  };
};

const SEVERITY: Readonly<Record<ComplianceType, number>> = {
  NOT_APPLICABLE: 0,
  COMPLIANT: 1,
  NON_COMPLIANT: 2,
};

/** Whether a verdict of the first type must not be lost behind one of the other. */
export const isWorse = (complianceType: ComplianceType, than: ComplianceType): boolean =>
  SEVERITY[complianceType] > SEVERITY[than];

/** One evaluation a resource, the worst: what AWS Config does with two in one call is not documented. */
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
