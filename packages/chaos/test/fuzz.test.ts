import { expect, test } from 'vitest';

import { fuzz, fuzzReport } from '../src/fuzz/fuzz.ts';

test('mutated events crash no function, and assume no role outside of the settings', async () => {
  const { crashes, strayRoles, doors } = await fuzz({ seed: 2, events: 2000 });
  expect({ crashes, strayRoles }).toEqual({ crashes: [], strayRoles: [] });
  expect(Object.keys(doors).toSorted()).toEqual(['evaluate', 'operator', 'recovery', 'remediate']);
  // Mutations that leave an event valid get past the parsers.
  for (const { events, taken } of Object.values(doors)) {
    expect(taken).toBeGreaterThan(20);
    expect(events - taken).toBeGreaterThan(100);
  }
});

test('the same seed sends the same events', async () => {
  const options = { seed: 3, events: 500 };
  const first = await fuzz(options);
  await expect(fuzz(options)).resolves.toEqual(first);
});

test.each([
  ['any-account', '222233334444 eu-west-1 aws'],
  ['any-region', '111122223333 us-west-2 aws'],
] as const)('settings of the build %s are found by the roles that they let through', async (build, place) => {
  const result = await fuzz({ seed: 2, events: 1500, build });
  expect(result.strayRoles.join('\n')).toContain(place);
  expect(fuzzReport(result)).toContain('roles assumed where the settings list no account or Region');
});
