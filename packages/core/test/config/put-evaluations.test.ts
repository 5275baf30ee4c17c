import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import { describe, expect, test } from 'vitest';

import { compliant, nonCompliant } from '../../src/rule/verdict.ts';
import { putEvaluations } from '../../src/config/put-evaluations.ts';
import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';

type PutInput = ConstructorParameters<typeof PutEvaluationsCommand>[0];
type PutAnswer = (input: PutInput) => { FailedEvaluations?: PutInput['Evaluations'] };

const orderingTime = new Date('2026-11-20T12:00:00Z');
const evaluations = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    resource: { resourceType: 'AWS::S3::Bucket', resourceId: `bucket-${index}` },
    verdict: compliant(),
    orderingTime,
  }));

const sessionAnswering = (answer: PutAnswer) => {
  const calls: PutInput[] = [];
  const session = fakeSession({
    allow: ['config:PutEvaluations'],
    answers: [
      on(ConfigServiceClient, PutEvaluationsCommand, (input) => {
        calls.push(input);
        return answer(input);
      }),
    ],
  });
  return { session, calls };
};
const idsOf = ({ Evaluations = [] }: PutInput) => Evaluations.map((one) => one.ComplianceResourceId);

describe('putEvaluations', () => {
  test.each([
    [0, [0]],
    [1, [1]],
    [100, [100]],
    [101, [100, 1]],
    [250, [100, 100, 50]],
  ])('%i evaluations are sent in calls of %j', async (count, sizes) => {
    const { session, calls } = sessionAnswering(() => ({}));
    await putEvaluations(session, 'token', evaluations(count));
    expect(calls.map((input) => input.Evaluations?.length)).toEqual(sizes);
    expect(calls.every(({ ResultToken }) => ResultToken === 'token')).toBe(true);
    expect(calls.flatMap(idsOf)).toEqual(evaluations(count).map(({ resource }) => resource.resourceId));
  });

  test('evaluations that AWS Config refuses are sent again alone', async () => {
    let refusals = 1;
    const { session, calls } = sessionAnswering(({ Evaluations = [] }) =>
      refusals-- > 0 ? { FailedEvaluations: Evaluations.slice(3, 5) } : { FailedEvaluations: [] },
    );
    await putEvaluations(session, 'token', evaluations(10));
    expect(calls.map(idsOf).slice(1)).toEqual([['bucket-3', 'bucket-4']]);
  });

  test('evaluations that AWS Config keeps refusing are a transient failure that names the first', async () => {
    const { session, calls } = sessionAnswering(({ Evaluations = [] }) => ({
      FailedEvaluations: Evaluations.slice(0, 1),
    }));
    await expect(putEvaluations(session, 'token', evaluations(3))).rejects.toMatchObject({
      kind: 'transient',
      code: 'evaluations-refused',
      message: expect.stringContaining('bucket-0') as string,
    });
    expect(calls.map((input) => input.Evaluations?.length)).toEqual([3, 1, 1]);
  });

  test('of two verdicts on one resource, the worse is sent', async () => {
    const { session, calls } = sessionAnswering(() => ({}));
    const [one] = evaluations(1);
    if (!one) throw new Error('There is no evaluation.');
    await putEvaluations(session, 'token', [one, { ...one, verdict: nonCompliant('Bad.') }, one]);
    expect(calls).toMatchObject([{ Evaluations: [{ ComplianceType: 'NON_COMPLIANT', Annotation: 'Bad.' }] }]);
  });

  test('a failed call of PutEvaluations is thrown with its AWS error code', async () => {
    const { session } = sessionAnswering(() => {
      throw awsError('InvalidResultTokenException');
    });
    await expect(putEvaluations(session, 'token', evaluations(1))).rejects.toMatchObject({
      name: 'InvalidResultTokenException',
    });
  });
});
