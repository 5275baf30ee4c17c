import { expect, test } from 'vitest';

import { ChangeId, PlanId } from '../../src/base/ids.ts';

test.each([
  ['plan-0123456789abcdef', true, false],
  ['change-0123456789abcdef', false, true],
  ['plan-0123456789ABCDEF', false, false],
  ['plan-0123456789abcde', false, false],
  ['change-0123456789abcdef0', false, false],
  ['xplan-0123456789abcdef', false, false],
  ['', false, false],
])('%j is a plan id: %s, a change id: %s', (id, isPlan, isChange) => {
  expect(PlanId.safeParse(id).success).toBe(isPlan);
  expect(ChangeId.safeParse(id).success).toBe(isChange);
});
