import { AccountId, accessFailure } from '@compliance/core';
import { awsError } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import type { ScanPlan } from '../src/commands/scan/organization/scan-target.ts';
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

/** Scans an account for which the caller has no credentials any more. The worker asks for them with its first call. */
const scanExpired = async (plan: Partial<ScanPlan>) => {
  const pool = createWorkerPool(1, { ...PLAN, ...plan });
  try {
    return await pool.scan(
      { id: AccountId.parse('111122223333'), name: 'one', groups: [] },
      () => Promise.reject(awsError('ExpiredToken', 'The security token is expired', 403)),
      { onFindings: () => {}, onCalls: () => {}, onUnreadable: () => {} },
    );
  } finally {
    await pool.close();
  }
};

test('a worker tells expired credentials of the caller as the reason, so that the scan can stop and be continued', async () => {
  const failure = await scanExpired({}).catch((error: unknown) => error);
  expect(accessFailure(failure)).toMatch('credentials have expired');
  // With Regions that are asked for, each rule fails by itself.
  const end = await scanExpired({ regions: ['eu-west-1'], commands: ['S3_ENABLE_VERSIONING'] });
  expect(end.noAccess).toMatch('credentials have expired');
});
