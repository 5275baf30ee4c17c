import { expect, test } from 'vitest';

import { auditEvent } from '../../src/audit/audit-event.ts';
import { parsePlanRecord, storedPlan, type PlanRecord } from '../../src/state/plan-record.ts';
import { samplePlan } from '../sample-plan.ts';

const open: PlanRecord = {
  plan: samplePlan(),
  status: 'open',
  createdAt: '2026-11-20T12:00:00.000Z',
  expiresAt: '2026-12-04T12:00:00.000Z',
};
const event = auditEvent(
  { type: 'event-ignored', reason: 'For the test.' },
  new Date(open.createdAt),
  'request-1',
);

test.each<[string, PlanRecord, object]>([
  ['an open plan', open, {}],
  ['a superseded plan', { ...open, status: 'superseded', supersededBy: 'plan-2' }, { successor: 'plan-2' }],
  ['an applied plan', { ...open, status: 'applied', appliedByChange: 'change-1' }, { successor: 'change-1' }],
  ['an unpublished plan', { ...open, pendingEvents: [event] }, { pendingEvents: [event] }],
])('%s is stored under the names of its row and read back as it was', (_, record, names) => {
  const row: unknown = JSON.parse(JSON.stringify(storedPlan(record)));
  const { plan, status, createdAt, expiresAt } = record;
  expect(row).toEqual({ plan, status, createdAt, expiresAt, ...names });
  expect(parsePlanRecord(row)).toStrictEqual(record);
});
