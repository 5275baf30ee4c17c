import { AccountId, type PlanRecord } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { decideEach } from '../src/commands/operator-action/decide-many.ts';
import { filterPlans, isFiltered, type PlanFilter } from '../src/commands/plans/filter.ts';
import { printed } from './printed.ts';

const NOW = new Date('2026-11-20T12:00:00Z');

const record = (
  id: string,
  members: { days?: number; plan?: Partial<PlanRecord['plan']> } = {},
): PlanRecord => ({
  status: 'open',
  createdAt: new Date(NOW.getTime() - (members.days ?? 0) * 86_400_000).toISOString(),
  expiresAt: '2026-12-20T12:00:00Z',
  plan: {
    id,
    command: 'S3_ENABLE_VERSIONING',
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    resource: { resourceType: 'AWS::S3::Bucket', resourceId: id },
    facts: {},
    annotation: 'Versioning is Off.',
    description: 'Turn versioning on',
    risk: 'safe',
    steps: [],
    ...members.plan,
  },
});

describe('filterPlans', () => {
  const records = [
    record('old', { days: 9 }),
    record('new', { days: 1 }),
    record('risky', { days: 2, plan: { risk: 'irreversible' } }),
    record('elsewhere', { days: 3, plan: { accountId: AccountId.parse('444455556666') } }),
    record('other', { days: 4, plan: { command: 'VPC_ENABLE_FLOW_LOGS' } }),
  ];
  test.each<[PlanFilter, string[]]>([
    [{}, ['new', 'risky', 'elsewhere', 'other', 'old']],
    [{ rule: 'VPC_ENABLE_FLOW_LOGS' }, ['other']],
    [{ account: '444455556666' }, ['elsewhere']],
    [{ risk: 'irreversible' }, ['risky']],
    [{ days: 2 }, ['new', 'risky']],
    [{ olderThan: 3 }, ['other', 'old']],
    [{ rule: 'S3_ENABLE_VERSIONING', account: '111122223333', risk: 'safe', olderThan: 1 }, ['old']],
  ])('the filter %j selects %j, newest first', (filter, ids) => {
    expect(filterPlans(records, filter, NOW).map(({ plan }) => plan.id)).toEqual(ids);
    expect(isFiltered(filter)).toBe(Object.keys(filter).length > 0);
  });
});

test('each plan is decided by itself, and one refusal makes the exit code 3', async () => {
  const asked: string[] = [];
  const ask = ({ plan: { id } }: PlanRecord) => {
    asked.push(id);
    return Promise.resolve(
      id === 'b'
        ? { status: 'refused' as const, reason: 'The plan expired.' }
        : { status: 'approved' as const, reason: 'Approved by jo.' },
    );
  };
  const codes: number[] = [];
  const text = await printed(async () => {
    codes.push(await decideEach([record('a'), record('b'), record('c')], { ask }));
    codes.push(await decideEach([record('d')], { ask }));
  });
  expect(asked).toEqual(['a', 'b', 'c', 'd']);
  expect(codes).toEqual([3, 0]);
  expect(text).toBe(
    [
      'a  approved: Approved by jo.',
      'b  refused: The plan expired.',
      'c  approved: Approved by jo.',
      'd  approved: Approved by jo.',
      '',
    ].join('\n'),
  );
});

test('when asking fails midway, the decisions that are recorded are printed nevertheless', async () => {
  const ask = ({ plan: { id } }: PlanRecord) =>
    id === 'a'
      ? Promise.resolve({ status: 'approved' as const, reason: 'ok' })
      : Promise.reject(new Error('lost'));
  const failures: unknown[] = [];
  const text = await printed(() =>
    decideEach([record('a'), record('b')], { ask, json: true }).catch((error: unknown) =>
      failures.push(error),
    ),
  );
  expect(JSON.parse(text)).toEqual([{ status: 'approved', reason: 'ok', planId: 'a' }]);
  expect(failures).toEqual([expect.objectContaining({ message: 'lost' })]);
});
