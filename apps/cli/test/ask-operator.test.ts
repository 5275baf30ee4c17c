import { OPERATOR_STATUSES, REMEDIATION_OUTCOMES, type OperatorAnswer } from '@compliance/core';
import { expect, expectTypeOf, test } from 'vitest';

import { parseAnswer } from '../src/operator/ask-operator.ts';

test('the listed statuses are all that core can answer', () => {
  expectTypeOf<OperatorAnswer['status']>().toEqualTypeOf<(typeof OPERATOR_STATUSES)[number]>();
  expect(OPERATOR_STATUSES).toEqual(expect.arrayContaining([...REMEDIATION_OUTCOMES]));
});

test.for(OPERATOR_STATUSES)('an answer with the status %s is parsed', (status) => {
  const answer: OperatorAnswer = { status, reason: 'r', planId: 'p', changeId: 'c' };
  expect(parseAnswer(JSON.stringify(answer))).toEqual(answer);
});

test('an answer with an unknown status is refused', () => {
  expect(() => parseAnswer('{"status":"done","reason":"r"}')).toThrow(/status/);
});
