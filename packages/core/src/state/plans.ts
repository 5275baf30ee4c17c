import type { AuditEvent } from '../audit/audit-event.ts';
import { permanent } from '../base/errors.ts';
import { planIdOf, type Plan } from '../plan/plan.ts';
import { PlanRecord, isExpired, assertNotExpired, type Decision, type PlanStatus } from './plan-record.ts';
import type { Table, TableItem } from './table.ts';
import type { Stored } from './outbox.ts';

const PARTITION = 'plan';

export interface NewPlan {
  readonly plan: Plan;
  readonly now: Date;
  readonly livesDays: number;
  readonly withheld?: string;
  readonly owner?: string;
  /** What the auditors are to be told, should it be new. */
  readonly event?: AuditEvent;
}

/**
 * Keeps a plan under its id. One that is open or decided already stays as it is: the same finding twice is one plan.
 * One that had been applied, had expired or was superseded is opened anew: the finding came back. So is one that
 * somebody edited by hand: what was decided on was another.
 */
export const storePlan = async (table: Table, planned: NewPlan): Promise<Stored<PlanRecord>> => {
  const { plan, now } = planned;
  const row = await table.get(PARTITION, plan.id);
  const known = row && ifUnaltered(storedPlanIn(row));
  if (known && isActive(known.data, now)) return known;
  const data = openRecord(planned, known?.data.untold);
  return (await replaceRow(table, data, row?.version ?? 0)) ?? getPlanOrThrow(table, plan.id);
};

/** The plan of this id that `recordPlan` would leave as it is. */
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
  { plan, now, livesDays, withheld, owner, event }: NewPlan,
  untold: readonly AuditEvent[] | undefined,
): PlanRecord => ({
  plan,
  status: 'open',
  createdAt: now.toISOString(),
  expiresAt: new Date(now.getTime() + livesDays * 86_400_000).toISOString(),
  ...(withheld !== undefined && { withheld }),
  ...(owner !== undefined && { owner }),
  ...withPendingEvent(untold, event),
});

/** @throws {ComplianceError} permanent `plan-altered` when somebody edited the plan by hand */
export const readPlan = async (table: Table, planId: string): Promise<PlanRecord | undefined> =>
  (await readStoredPlan(table, planId))?.data;

/** A plan with its row, to tell what it has still to tell. @throws {ComplianceError} permanent `plan-altered` */
export const readStoredPlan = async (
  table: Table,
  planId: string,
): Promise<Stored<PlanRecord> | undefined> => {
  const row = await table.get(PARTITION, planId);
  if (!row) return undefined;
  const kept = ifUnaltered(storedPlanIn(row));
  if (kept) return kept;
  throw permanent(
    'plan-altered',
    `${planId} is not what was planned: somebody edited it in the state table. The next sweep plans anew.`,
  );
};

/** Every plan that is kept, decided ones included. */
export const listPlans = async function* (table: Table): AsyncGenerator<PlanRecord> {
  for await (const row of table.query(PARTITION)) yield storedPlanIn(row).data;
};

export interface PlanTransition {
  readonly planId: string;
  readonly from: readonly PlanStatus[];
  readonly to: PlanStatus;
  readonly now: Date;
  readonly decision?: Decision;
  readonly successor?: string;
  /** What the auditors are to be told of it. */
  readonly event?: AuditEvent;
}

/**
 * Moves a plan from one status to another; of two who try at once, one does.
 * @throws {ComplianceError} permanent `unknown-plan`, `plan-altered`, `plan-expired` or `plan-decided`
 */
export const transitionPlan = async (table: Table, move: PlanTransition): Promise<Stored<PlanRecord>> => {
  const { planId, from, to, now, decision, successor, event } = move;
  const { data: record, version } = await getPlanOrThrow(table, planId);
  if (!from.includes(record.status)) throw alreadyDecided(record);
  assertNotExpired(record, now);
  const moved: PlanRecord = {
    ...record,
    status: to,
    ...(decision && { decision }),
    ...(successor && { successor }),
    ...withPendingEvent(record.untold, event),
  };
  const kept = await replaceRow(table, moved, version);
  if (kept) return kept;
  throw alreadyDecided((await getPlanOrThrow(table, planId)).data);
};

/** @throws {ComplianceError} permanent `unknown-plan` or `plan-altered` */
export const getPlanOrThrow = async (table: Table, planId: string): Promise<Stored<PlanRecord>> => {
  const row = await readStoredPlan(table, planId);
  if (row) return row;
  throw permanent(
    'unknown-plan',
    `There is no plan ${planId}. 'compliance plans list' shows those there are.`,
  );
};

const storedPlanIn = (row: TableItem): Stored<PlanRecord> => ({ ...row, data: PlanRecord.parse(row.data) });

const ifUnaltered = (kept: Stored<PlanRecord>): Stored<PlanRecord> | undefined =>
  kept.data.plan.id === kept.sk && planIdOf(kept.data.plan) === kept.sk ? kept : undefined;

/** The row as it was written; `undefined` when another writer was first. */
const replaceRow = async (
  table: Table,
  data: PlanRecord,
  expected: number,
): Promise<Stored<PlanRecord> | undefined> => {
  const row = { pk: PARTITION, sk: data.plan.id, expiresAt: keepUntil(new Date(data.expiresAt)) };
  return (await table.put({ ...row, data, expected })) ? { ...row, data, version: expected + 1 } : undefined;
};

const withPendingEvent = (untold: readonly AuditEvent[] = [], event: AuditEvent | undefined) => {
  const all = event ? [...untold, event] : untold;
  return all.length > 0 && { untold: [...all] };
};

const alreadyDecided = ({ plan, status, decision }: PlanRecord) => {
  const who = decision ? ` by ${decision.by} at ${decision.at}` : '';
  return permanent('plan-decided', `${plan.id} is ${status} already${who}.`);
};

// Tidied up well after it stopped to count.
const keepUntil = (expiresAt: Date) => new Date(expiresAt.getTime() + 30 * 86_400_000);
