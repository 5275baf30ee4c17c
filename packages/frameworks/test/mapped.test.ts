import { expect, test } from 'vitest';

import { mappedCoverage, mappedFrameworks, type MappedFramework } from '../src/index.ts';

const framework: MappedFramework = {
  id: 'sample',
  title: 'Sample',
  requirements: [
    { id: 'a', checks: 5, names: ['bucket_versioned', 'bucket_private', 'bucket_encrypted'] },
    { id: 'b', checks: 0, names: [] },
  ],
};

test('a requirement counts the checks that a rule makes among all of its checks', () => {
  const rules = [
    { command: 'S3_B', equivalents: { prowler: ['bucket_private', 'elsewhere'] } },
    { command: 'S3_A', equivalents: { prowler: ['bucket_private', 'bucket_versioned'] } },
    { command: 'S3_C' },
  ];
  expect(mappedCoverage(framework, rules)).toEqual([
    { id: 'a', checks: 5, checked: 2, rules: ['S3_A', 'S3_B'] },
    { id: 'b', checks: 0, checked: 0, rules: [] },
  ]);
});

test('no mapped framework has more checks answered than it has, nor an id twice', () => {
  for (const { requirements } of mappedFrameworks) {
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
    for (const { checks, names } of requirements) expect(names.length).toBeLessThanOrEqual(checks);
  }
});
