import { expect, test } from 'vitest';

import { assess } from '../src/assess.ts';

const finding = (command: string, complianceType: string) => ({ command, complianceType });
const COMPLIANT = finding('A', 'COMPLIANT');

test.each([
  ['no rule', [], 'human', [COMPLIANT], 'manual'],
  ['a rule without a finding', ['A'], 'full', [], 'unknown'],
  ['a rule whose resources are compliant', ['A'], 'full', [COMPLIANT], 'compliant'],
  ['a rule with a violation', ['A'], 'full', [COMPLIANT, finding('A', 'NON_COMPLIANT')], 'non-compliant'],
  [
    'a rule with a resource that was not evaluated',
    ['A'],
    'full',
    [COMPLIANT, finding('A', 'INSUFFICIENT_DATA')],
    'unknown',
  ],
  [
    'a rule with a violation and a resource that was not evaluated',
    ['A'],
    'full',
    [finding('A', 'NON_COMPLIANT'), finding('A', 'INSUFFICIENT_DATA')],
    'non-compliant',
  ],
  ['a rule whose resources are exempt', ['A'], 'full', [finding('A', 'NOT_APPLICABLE')], 'not-applicable'],
  ['a compliant rule and one that judged nothing', ['A', 'B'], 'full', [COMPLIANT], 'unknown'],
  [
    'a compliant rule and one with a violation',
    ['A', 'B'],
    'full',
    [COMPLIANT, finding('B', 'NON_COMPLIANT')],
    'non-compliant',
  ],
  ['compliant rules that leave a rest to a person', ['A'], 'partial', [COMPLIANT], 'partial'],
  [
    'a violation of rules that leave a rest',
    ['A'],
    'partial',
    [finding('A', 'NON_COMPLIANT')],
    'non-compliant',
  ],
] as const)('the state of a requirement with %s', (_, rules, detection, findings, state) => {
  expect(assess({ rules, detection }, findings)).toBe(state);
});
