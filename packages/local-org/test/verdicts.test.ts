import { expect, test } from 'vitest';

import { createVerdicts, type Verdict } from '../src/config/verdicts.ts';

const verdict = (complianceType: Verdict['complianceType'], second: number): Verdict => ({
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'bucket',
  complianceType,
  orderingTimestamp: new Date(second * 1000),
  recordedAt: new Date(0),
});
const after = (...given: Verdict[]) => {
  const verdicts = createVerdicts();
  const recorded = given.map((each) => verdicts.record('rule', each));
  return { types: verdicts.of('rule').map(({ complianceType }) => complianceType), recorded };
};

test('a newer verdict replaces an older one', () => {
  expect(after(verdict('COMPLIANT', 1), verdict('NON_COMPLIANT', 2)).types).toEqual(['NON_COMPLIANT']);
});
test('an older verdict that arrives late changes nothing', () => {
  const { types, recorded } = after(verdict('COMPLIANT', 2), verdict('NON_COMPLIANT', 1));
  expect(types).toEqual(['COMPLIANT']);
  expect(recorded[1]).toMatchObject({ stored: false });
});
test('the later call wins for two verdicts with the same timestamp', () => {
  expect(after(verdict('COMPLIANT', 1), verdict('NOT_APPLICABLE', 1)).types).toEqual(['NOT_APPLICABLE']);
});
test('each rule has its own verdicts', () => {
  const verdicts = createVerdicts();
  verdicts.record('rule', verdict('COMPLIANT', 1));
  expect(verdicts.of('other')).toEqual([]);
});
