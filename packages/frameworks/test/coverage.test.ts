import { expect, test } from 'vitest';

import { coverage, NO_RULE_YET, type Framework } from '../src/index.ts';

const framework: Framework = {
  id: 'sample-1.0',
  title: 'Sample',
  sections: [
    {
      title: 'Storage',
      requirements: [
        { id: '1.1', title: 'Buckets are private', level: 1, assessment: 'automated' },
        { id: '1.2', title: 'Answers are kept', level: 2, assessment: 'manual', human: 'Keep the answers.' },
      ],
    },
  ],
};
type CoveringRule = Parameters<typeof coverage>[1][number];

const rule = (command: string, rest: Partial<CoveringRule> = {}): CoveringRule => ({
  command,
  controls: { 'sample-1.0': ['1.1'] },
  ...rest,
});

const coverBy = (...rules: readonly CoveringRule[]) =>
  coverage(framework, rules).flatMap(({ requirements }) => requirements);

test('a requirement without a rule is left to a person, and says so', () => {
  expect(coverBy()[0]).toEqual({
    id: '1.1',
    title: 'Buckets are private',
    level: 1,
    assessment: 'automated',
    rules: [],
    detection: 'human',
    fix: false,
    human: NO_RULE_YET,
  });
});

test('a requirement that only a person can meet says what the person does', () => {
  expect(coverBy()[1]).toMatchObject({
    rules: [],
    detection: 'human',
    fix: false,
    human: 'Keep the answers.',
  });
});

test('a rule of another framework covers nothing, even with the same id', () => {
  expect(coverBy(rule('A_RULE', { controls: { 'sample-2.0': ['1.1'] } }))[0]).toMatchObject({ rules: [] });
});

test('rules that leave nothing to a person detect a requirement in full, and are sorted', () => {
  const [requirement] = coverBy(rule('B_RULE'), rule('A_RULE'));
  expect(requirement).toMatchObject({ rules: ['A_RULE', 'B_RULE'], detection: 'full' });
  expect(requirement).not.toHaveProperty('human');
});

test('a requirement is detected partially if one of its rules covers it partly, and says once what remains', () => {
  const partly = 'Whether the contact is current.';
  expect(coverBy(rule('A_RULE'), rule('B_RULE', { partly }), rule('C_RULE', { partly }))[0]).toMatchObject({
    detection: 'partial',
    human: partly,
  });
});

test('a rule for what only a person can meet leaves the person a part of it', () => {
  expect(coverBy(rule('A_RULE', { controls: { 'sample-1.0': ['1.2'] } }))[1]).toMatchObject({
    detection: 'partial',
    human: 'Keep the answers.',
  });
});

const fix = () => ({ manual: 'Ask.' });
test.each([
  ['all of its rules have one', [rule('A_RULE', { fix }), rule('B_RULE', { fix })], true],
  ['one of its rules has none', [rule('A_RULE', { fix }), rule('B_RULE')], 'partial'],
  ['none of its rules has one', [rule('A_RULE'), rule('B_RULE')], false],
])('the fix of a requirement is derived when %s', (_, rules, expected) => {
  expect(coverBy(...rules)[0]?.fix).toBe(expected);
});
