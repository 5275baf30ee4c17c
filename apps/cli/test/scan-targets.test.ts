import { AccountId, permanent } from '@compliance/core';
import { awsError } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import type { Target } from '../src/account/targets.ts';
import { describeEndings, type Ending } from '../src/commands/scan/organization/endings.ts';
import type { TargetEnd } from '../src/commands/scan/organization/scan-target.ts';
import { scanTargets, type ScanTargetsOptions } from '../src/commands/scan/organization/scan-targets.ts';

const target = (index: number): Target => {
  const id = AccountId.parse(String(index).padStart(12, '1'));
  return { active: true, account: { id, name: `account-${index}`, groups: [] } };
};

const END: TargetEnd = { regions: ['eu-west-1'], disabledRegions: [], refusals: [], calls: {} };

const scanned = async (targets: readonly Target[], options: Partial<ScanTargetsOptions> = {}) => {
  const endings: Ending[] = [];
  const rows: string[] = [];
  const stopped = await scanTargets({
    targets,
    accountsAtOnce: 4,
    enter: async () => ({
      role: 'reader',
      credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }),
    }),
    scan: async () => END,
    onFindings: async () => {},
    onCalls: () => {},
    onUnreadable: async (_, { accountId = '' }) => void rows.push(accountId),
    onOutcome: async (one, outcome) => void endings.push({ target: one, outcome }),
    probe: async () => undefined,
    ...options,
  });
  return { stopped, endings, rows, states: Map.groupBy(endings, ({ outcome }) => outcome.state) };
};

test('of 5,000 accounts, 30 that fail are named, and the others are scanned', async () => {
  const fails = (id: string) => Number(id.slice(-4)) % 167 === 0;
  const { endings, rows, states, stopped } = await scanned(
    Array.from({ length: 5000 }, (_, index) => target(index)),
    {
      enter: async (id) => {
        if (fails(id)) throw permanent('role-not-assumed', 'Cannot assume role: AccessDenied');
        return { credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }) };
      },
    },
  );
  expect(stopped).toBeUndefined();
  expect(states.get('refused')).toHaveLength(30);
  expect(states.get('scanned')).toHaveLength(4970);
  expect(rows).toHaveLength(30);
  const text = describeEndings(endings);
  expect(text.match(/^refused: /gm)).toHaveLength(30);
  expect(text).toMatch(/^accounts: 4970 scanned, 30 refused$/m);
});

test('an account whose scan crashes is named, and fails no other', async () => {
  const { states, rows } = await scanned([target(1), target(2), target(3)], {
    scan: async ({ account }) => {
      if (account.name === 'account-2') throw new Error('The worker ended with code 1.');
      return END;
    },
  });
  expect(states.get('failed')?.map(({ outcome }) => outcome)).toEqual([
    { state: 'failed', message: 'The worker ended with code 1.' },
  ]);
  expect(states.get('scanned')).toHaveLength(2);
  expect(rows).toEqual([target(2).account.id]);
});

test('an account that is being entered when the scan is stopped is not scanned', async () => {
  const stop = new AbortController();
  const scanning: string[] = [];
  const { stopped, states, rows } = await scanned([target(1)], {
    signal: stop.signal,
    enter: async () => {
      stop.abort(new Error('Interrupted.'));
      return { credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }) };
    },
    scan: async ({ account }) => {
      scanning.push(account.id);
      return END;
    },
  });
  expect(scanning).toEqual([]);
  expect(stopped).toBe('Interrupted.');
  expect(states.get('left')).toHaveLength(1);
  expect(rows).toHaveLength(1);
});

test('expired credentials of the caller stop the scan, and every account left is named', async () => {
  let entered = 0;
  const { stopped, states, rows } = await scanned([1, 2, 3, 4].map(target), {
    accountsAtOnce: 1,
    enter: async () => {
      entered += 1;
      if (entered > 1) throw awsError('ExpiredTokenException', 'expired', 403);
      return { credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }) };
    },
  });
  expect(stopped).toContain('credentials have expired');
  expect(entered).toBe(2);
  expect(states.get('scanned')).toHaveLength(1);
  expect(states.get('left')).toHaveLength(3);
  expect(rows).toHaveLength(3);
});

test('an address that does not answer in one Region stops nothing while AWS answers otherwise', async () => {
  const noAccess = 'No connection to AWS';
  const scan = async () => ({ ...END, noAccess });
  const others = await scanned([1, 2].map(target), { scan });
  expect(others.stopped).toBeUndefined();
  expect(others.states.get('scanned')).toHaveLength(2);
  const dead = await scanned([1, 2, 3].map(target), { scan, accountsAtOnce: 1, probe: async () => noAccess });
  expect(dead.stopped).toBe(noAccess);
  expect(dead.states.get('left')).toHaveLength(3);
});
