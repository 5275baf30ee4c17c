import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { createWorkerPool } from '../src/commands/scan/organization/worker-pool.ts';

const PLAN = {
  commands: [],
  requested: [],
  regions: [],
  homeRegion: 'eu-west-1',
  settings: undefined,
  managementAccountId: undefined,
  exemptions: [],
  now: new Date('2026-11-30T12:00:00Z'),
  readTags: false,
  rate: undefined,
  source: 'live' as const,
};

test('a worker that crashes costs its account, and another takes its place', async () => {
  const pool = createWorkerPool(1, PLAN, new URL('crashing-worker.ts', import.meta.url));
  const scan = (name: string) =>
    pool.scan(
      { id: AccountId.parse('111122223333'), name, groups: [] },
      { accessKeyId: 'a', secretAccessKey: 'b' },
      { onFindings: () => {}, onCalls: () => {}, onUnreadable: () => {} },
    );
  await expect(scan('crash')).rejects.toThrow('The worker ended: out of memory');
  await expect(scan('fine')).resolves.toMatchObject({ regions: [] });
  await pool.close();
});
