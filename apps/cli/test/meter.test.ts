import { expect, test } from 'vitest';

import { createMeter } from '../src/commands/scan/organization/meter.ts';

test('the line of a long scan has calls, their rate, throttles and the time left', () => {
  let time = 0;
  const meter = createMeter(10, () => time);
  expect(meter.text(0)).toBe('0 calls, 0 throttled');
  meter.calls('111111111111', { S3: { calls: 100, throttled: 1 }, IAM: { calls: 20, throttled: 0 } });
  time = 4000;
  expect(meter.text(0)).toBe('120 calls, 30/s, 1 throttled');
  // What an account has called so far replaces what it had.
  meter.calls('111111111111', { S3: { calls: 180, throttled: 2 } });
  meter.calls('222222222222', { S3: { calls: 60, throttled: 0 } });
  time = 8000;
  expect(meter.text(2)).toBe('240 calls, 30/s, 2 throttled, about 32 s left');
  time = 60_000;
  expect(meter.text(2)).toBe('240 calls, 4/s, 2 throttled, about 4 min left');
  expect(meter.text(10)).toBe('240 calls, 4/s, 2 throttled');
});
