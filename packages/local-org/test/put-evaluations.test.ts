import { describe, expect, test } from 'vitest';

import { type AcceptedEvaluation, createPutEvaluations } from '../src/config/put-evaluations.ts';
import { createResultTokens } from '../src/config/result-tokens.ts';
import type { Rule } from '../src/config/rule.ts';
import { call } from './call.ts';

const place = { accountId: '111122223333', region: 'eu-west-1' };
const rule: Rule = {
  place,
  name: 'rule',
  id: 'config-rule-1',
  arn: 'arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-1',
  functionArn: 'arn:aws:lambda:eu-west-1:999988887777:function:f',
  definition: { ConfigRuleName: 'rule', Source: { Owner: 'CUSTOM_LAMBDA' } },
  activatedAt: new Date(0),
};
const evaluation = (more: Record<string, unknown> = {}) => ({
  ComplianceResourceType: 'AWS::S3::Bucket',
  ComplianceResourceId: 'bucket',
  ComplianceType: 'COMPLIANT',
  OrderingTimestamp: 1_795_169_730.123,
  ...more,
});

const config = (
  known: readonly Rule[] = [rule],
  mustFail: (given: { ComplianceResourceId: string }) => boolean = () => false,
) => {
  const tokens = createResultTokens();
  const stored: AcceptedEvaluation[] = [];
  const put = createPutEvaluations({
    tokens,
    rules: { get: (_, name) => known.find((candidate) => candidate.name === name) },
    mustFail,
    store: (_, accepted) => stored.push(accepted),
  });
  const token = tokens.issue({ place, ruleName: rule.name, ruleId: rule.id });
  const send = (Evaluations: unknown, more: Record<string, unknown> = {}, accountId?: string) =>
    put(call('config:PutEvaluations', { Evaluations, ResultToken: token, ...more }, accountId));
  return { send, stored };
};

test('an evaluation is stored with its ordering timestamp', async () => {
  const { send, stored } = config();
  await expect(send([evaluation()])).resolves.toEqual({ FailedEvaluations: [] });
  expect(stored).toMatchObject([{ resourceId: 'bucket', orderingTimestamp: new Date(1_795_169_730_123) }]);
});
test('a result token is valid for several calls', async () => {
  const { send, stored } = config();
  await send([evaluation()]);
  await send([evaluation({ ComplianceResourceId: 'other' })]);
  expect(stored).toHaveLength(2);
});
test('PutEvaluations accepts an empty list', async () => {
  await expect(config().send([])).resolves.toEqual({ FailedEvaluations: [] });
});
test('PutEvaluations in test mode accepts any token and stores nothing', async () => {
  const { send, stored } = config();
  await send([evaluation()], { ResultToken: 'anything', TestMode: true });
  expect(stored).toEqual([]);
});
test('evaluations that AWS Config fails are returned and not stored', async () => {
  const { send, stored } = config([rule], ({ ComplianceResourceId: id }) => id === 'unlucky');
  const answer = await send([evaluation(), evaluation({ ComplianceResourceId: 'unlucky' })]);
  expect(answer).toMatchObject({ FailedEvaluations: [{ ComplianceResourceId: 'unlucky' }] });
  expect(stored).toHaveLength(1);
});
test('the resource type of an account is AWS::::Account', async () => {
  const { send, stored } = config();
  await send([
    evaluation({ ComplianceResourceType: 'AWS::::Account', ComplianceResourceId: place.accountId }),
  ]);
  expect(stored).toHaveLength(1);
});

describe('an invalid call', () => {
  test.for([
    ['more than 100 evaluations', Array.from({ length: 101 }, () => evaluation()), 'ValidationException'],
    ['an empty annotation', [evaluation({ Annotation: '' })], 'ValidationException'],
    ['an annotation of 257 characters', [evaluation({ Annotation: 'x'.repeat(257) })], 'ValidationException'],
    [
      'insufficient data',
      [evaluation({ ComplianceType: 'INSUFFICIENT_DATA' })],
      'InvalidParameterValueException',
    ],
    [
      'AWS::Account',
      [evaluation({ ComplianceResourceType: 'AWS::Account' })],
      'InvalidParameterValueException',
    ],
  ] as const)('PutEvaluations with %s is refused as a whole', async ([, evaluations, code]) => {
    const { send, stored } = config();
    await expect(send([evaluation(), ...evaluations].slice(0, 101))).rejects.toMatchObject({ code });
    expect(stored).toEqual([]);
  });
  test('PutEvaluations with an unknown token is refused', async () => {
    await expect(config().send([evaluation()], { ResultToken: 'x' })).rejects.toMatchObject({
      code: 'InvalidResultTokenException',
    });
  });
  test('PutEvaluations with the token of another account is refused', async () => {
    await expect(config().send([evaluation()], {}, '999988887777')).rejects.toMatchObject({
      code: 'InvalidResultTokenException',
    });
  });
  test('PutEvaluations with the token of a deleted rule is refused', async () => {
    await expect(config([]).send([evaluation()])).rejects.toMatchObject({
      code: 'NoSuchConfigRuleException',
    });
  });
  test('PutEvaluations with the token of an earlier rule of the same name is refused', async () => {
    const recreated = { ...rule, id: 'config-rule-2' };
    await expect(config([recreated]).send([evaluation()])).rejects.toMatchObject({
      code: 'NoSuchConfigRuleException',
    });
  });
});
