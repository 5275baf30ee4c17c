import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { resourceKey } from '../../src/aws/resource.ts';
import { compliant, nonCompliant, notApplicable, type Verdict } from '../../src/rule/verdict.ts';
import { toPutEvaluation, withoutDuplicates, type Evaluation } from '../../src/config/evaluation.ts';

const orderingTime = new Date('2026-11-20T12:00:00Z');
const evaluation = (resourceId: string, verdict: Verdict, resourceType = 'AWS::S3::Bucket'): Evaluation => ({
  resource: { resourceType, resourceId },
  verdict,
  orderingTime,
});

describe('toPutEvaluation', () => {
  test('an evaluation has the names of PutEvaluations', () => {
    expect(toPutEvaluation(evaluation('a', nonCompliant('Versioning is Off.')))).toEqual({
      ComplianceResourceType: 'AWS::S3::Bucket',
      ComplianceResourceId: 'a',
      ComplianceType: 'NON_COMPLIANT',
      Annotation: 'Versioning is Off.',
      OrderingTimestamp: orderingTime,
    });
  });

  test('a COMPLIANT verdict has no annotation, not an empty one', () => {
    expect(toPutEvaluation(evaluation('a', compliant()))).not.toHaveProperty('Annotation');
  });
});

describe('withoutDuplicates', () => {
  const verdict = fc.constantFrom(compliant(), nonCompliant('It is bad.'), notApplicable('It is gone.'));
  const some = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), verdict).map(([id, given]) => evaluation(id, given)),
    { maxLength: 12 },
  );
  const rank = { NOT_APPLICABLE: 0, COMPLIANT: 1, NON_COMPLIANT: 2 };

  test('only the worst verdict on each resource is kept', () => {
    fc.assert(
      fc.property(some, (evaluations) => {
        const kept = withoutDuplicates(evaluations);
        const keys = kept.map(({ resource }) => resourceKey(resource));
        expect(keys).toEqual([...new Set(evaluations.map(({ resource }) => resourceKey(resource)))]);
        for (const one of kept) {
          const rivals = evaluations.filter(
            ({ resource }) => resourceKey(resource) === resourceKey(one.resource),
          );
          const worst = Math.max(...rivals.map((rival) => rank[rival.verdict.complianceType]));
          expect(rank[one.verdict.complianceType]).toBe(worst);
        }
      }),
    );
  });

  test('the same id of two types is two resources', () => {
    const both = [evaluation('a', compliant()), evaluation('a', compliant(), 'AWS::S3::AccessPoint')];
    expect(withoutDuplicates(both)).toHaveLength(2);
  });
});
