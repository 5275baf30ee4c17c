import { expect, test } from 'vitest';

import { createOrganization } from '../src/organization.ts';

test('the account ids are fixed, of twelve digits and all different', () => {
  const { master, members } = createOrganization(Array.from({ length: 80 }, (_, index) => `m${index}`));
  const ids = [master, ...members].map(({ id }) => id);
  expect(ids.slice(0, 3)).toEqual(['999988887777', '111122223333', '222233334444']);
  expect(ids.every((id) => /^\d{12}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(81);
});
