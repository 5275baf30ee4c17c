import { defined } from '../base/defined.ts';
import { permanent } from '../base/errors.ts';
import { planIdOf, type Plan } from '../plan/plan.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import { publishPending, type Stored } from './outbox.ts';
import {
  assertNotExpired,
  isExpired,
  parsePlanRecord,
  storedPlan,
  type Decision,
  type PlanRecord,
  type PlanStatus,
} from './plan-record.ts';
import type { Table, TableItem } from './table.ts';

const PARTITION = 'plan';

export interface NewPlan {
  readonly plan: Plan;
  readonly now: Date;
  readonly ttlDays: number;
  readonly withheld?: string;
  readonly owner?: string;
  /** Published with the plan, if the plan is new. */
  readonly event?: AuditEvent;
}

/**
 * Stores a plan under its id.
 * An open or decided plan stays as it is: the same violation seen twice is one plan. A plan that was applied, expired
 * or superseded is opened again, because the violation is back; so is a plan that somebody edited in the table.
 */
export const storePlan = async (table: Table, planned: NewPlan): Promise<Stored<PlanRecord>> => {
  const { plan, now } = planned;
  const row = await table.get(PARTITION, plan.id);
  const known = row && ifUnaltered(storedPlanIn(row));
  if (known && isActive(known.data, now)) return known;
  const data = openRecord(planned, known?.data.pendingEvents);
  return (await replaceRow(table, data, row?.version ?? 0)) ?? getPlanOrThrow(table, plan.id);
};

/** The plan with this id that `storePlan` would leave as it is. */
export const readActivePlan = async (
  table: Table,
  planId: string,
  now: Date,
): Promise<Stored<PlanRecord> | undefined> => {
  const row = await table.get(PARTITION, planId);
  const known = row && ifUnaltered(storedPlanIn(row));
  return known && isActive(known.data, now) ? known : undefined;
};

const isActive = (record: PlanRecord, now: Date) =>
  !isExpired(record, now) && !['applied', 'superseded'].includes(record.status);

const openRecord = (
  { plan, now, ttlDays, withheld, owner, event }: NewPlan,
  pending: readonly AuditEvent[] | undefined,
): PlanRecord => ({
  plan,
  status: 'open',
  createdAt: now.toISOString(),
  expiresAt: new Date(now.getTime() + ttlDays * 86_400_000).toISOString(),
  ...defined({ withheld, owner, lastEventId: event?.id, pendingEvents: withPendingEvent(pending, event) }),
});

/** @throws {ComplianceError} permanent `plan-altered` when somebody edited the plan in the table */
export const readPlan = async (table: Table, planId: string): Promise<PlanRecord | undefined> =>
  (await readStoredPlan(table, planId))?.data;

/** A plan with its row. @throws {ComplianceError} permanent `plan-altered` */
const readStoredPlan = async (table: Table, planId: string): Promise<Stored<PlanRecord> | undefined> => {
  const row = await table.get(PARTITION, planId);
  if (!row) return undefined;
  const stored = ifUnaltered(storedPlanIn(row));
  if (stored) return stored;
  throw permanent(
    'plan-altered',
    `${planId} was edited in the state table after it was planned. The next sweep plans the fix again.`,
  );
};

/** @throws {ComplianceError} permanent `unknown-plan` or `plan-altered` */
export const getPlanOrThrow = async (table: Table, planId: string): Promise<Stored<PlanRecord>> => {
  const row = await readStoredPlan(table, planId);
  if (row) return row;
  throw permanent(
    'unknown-plan',
    `Unknown plan ${planId}. 'compliance plans list --status all' shows all plans.`,
  );
};

/** Every stored plan, decided ones included. */
export const listPlans = async function* (table: Table): AsyncGenerator<PlanRecord> {
  for await (const row of table.query(PARTITION)) yield storedPlanIn(row).data;
};

/** Publishes the events of a plan that are not published yet. */
export const publishPlanEvents = (
  row: Stored<PlanRecord>,
  context: { readonly table: Table; readonly publish: Publisher },
): Promise<void> => publishPending(row, storedPlan, context);

export interface PlanTransition {
  readonly planId: string;
  readonly from: readonly PlanStatus[];
  readonly to: PlanStatus;
  readonly now: Date;
  readonly decision?: Decision;
  readonly supersededBy?: string;
  readonly appliedByChange?: string;
  /** Published with the transition. */
  readonly event?: AuditEvent;
}

/**
 * Moves a plan from one status to another. Of two concurrent transitions, one succeeds.
 * @throws {ComplianceError} permanent `unknown-plan`, `plan-altered`, `plan-expired` or `plan-decided`
 */
export const transitionPlan = async (
  table: Table,
  { planId, from, to, now, event, ...transition }: PlanTransition,
): Promise<Stored<PlanRecord>> => {
  const { data: record, version } = await getPlanOrThrow(table, planId);
  if (!from.includes(record.status)) throw alreadyDecided(record);
  assertNotExpired(record, now);
  const { supersededBy: _, appliedByChange: __, ...rest } = record;
  const next: PlanRecord = {
    ...rest,
    status: to,
    ...transition,
    ...defined({
      lastEventId: event?.id ?? record.lastEventId,
      pendingEvents: withPendingEvent(record.pendingEvents, event),
    }),
  };
  const stored = await replaceRow(table, next, version);
  if (stored) return stored;
  throw alreadyDecided((await getPlanOrThrow(table, planId)).data);
};

/** Marks an approved plan as applied by a change. @throws as `transitionPlan` does */
export const markPlanApplied = async (
  table: Table,
  { planId, changeId, now }: { readonly planId: string; readonly changeId: string; readonly now: Date },
): Promise<void> => {
  await transitionPlan(table, {
    planId,
    from: ['approved'],
    to: 'applied',
    now,
    appliedByChange: changeId,
  });
};

const storedPlanIn = (row: TableItem): Stored<PlanRecord> => ({ ...row, data: parsePlanRecord(row.data) });

const ifUnaltered = (stored: Stored<PlanRecord>): Stored<PlanRecord> | undefined =>
  stored.data.plan.id === stored.sk && planIdOf(stored.data.plan) === stored.sk ? stored : undefined;

/** The row as it was written; `undefined` when another writer was first. */
const replaceRow = async (
  table: Table,
  data: PlanRecord,
  expected: number,
): Promise<Stored<PlanRecord> | undefined> => {
  const row = { pk: PARTITION, sk: data.plan.id, expiresAt: deleteAt(new Date(data.expiresAt)) };
  const isWritten = await table.put({ ...row, data: storedPlan(data), expected });
  return isWritten ? { ...row, data, version: expected + 1 } : undefined;
};

const withPendingEvent = (pending: readonly AuditEvent[] = [], event: AuditEvent | undefined) => {
  const all = event ? [...pending, event] : [...pending];
  return all.length > 0 ? all : undefined;
};

const alreadyDecided = ({ plan, status, decision }: PlanRecord) => {
  const who = decision ? ` by ${decision.by} at ${decision.at}` : '';
  return permanent('plan-decided', `${plan.id} is already ${status}${who}.`);
};

/** TTL of the row: 30 days after the plan expires. */
const deleteAt = (expiresAt: Date) => new Date(expiresAt.getTime() + 30 * 86_400_000);
