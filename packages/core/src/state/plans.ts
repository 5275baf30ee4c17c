import * as z from 'zod';

import { permanent } from '../errors.ts';
import { Plan } from '../plan.ts';
import type { Table } from './table.ts';

const PARTITION = 'plan';

/** A decision of a person, with the identity that STS proved. */
const Decision = z.object({ by: z.string(), at: z.iso.datetime(), reason: z.string().optional() });
export type Decision = Readonly<z.infer<typeof Decision>>;

/**
 * A plan and what became of it. `superseded`: the resource was not as the plan had found it, so another plan took
 * its place.
 */
const PlanRecord = z.object({
  plan: Plan,
  status: z.enum(['open', 'approved', 'rejected', 'applied', 'superseded']),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Why it was not applied by itself. */
  withheld: z.string().optional(),
  decision: Decision.optional(),
  /** The change that applied it, or the plan that took its place. */
  successor: z.string().optional(),
});
export type PlanRecord = Readonly<z.infer<typeof PlanRecord>>;
export type PlanStatus = PlanRecord['status'];

export const isExpired = ({ expiresAt }: PlanRecord, now: Date): boolean => new Date(expiresAt) <= now;

export interface NewPlan {
  readonly plan: Plan;
  readonly now: Date;
  readonly livesDays: number;
  readonly withheld?: string;
}

/**
 * Keeps a plan under its id. False when it is open or decided already: the same finding twice is one plan. One that
 * had been applied, had expired or was superseded is opened anew: the finding came back.
 */
export const recordPlan = async (
  table: Table,
  { plan, now, livesDays, withheld }: NewPlan,
): Promise<boolean> => {
  const row = await table.get(PARTITION, plan.id);
  const known = row && PlanRecord.parse(row.data);
  if (known && !isExpired(known, now) && !['applied', 'superseded'].includes(known.status)) return false;
  const expiresAt = new Date(now.getTime() + livesDays * 86_400_000);
  const data: PlanRecord = {
    plan,
    status: 'open',
    createdAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(withheld !== undefined && { withheld }),
  };
  return table.put({
    pk: PARTITION,
    sk: plan.id,
    data,
    expiresAt: keepUntil(expiresAt),
    expected: row?.version ?? 0,
  });
};

export const readPlan = async (table: Table, planId: string): Promise<PlanRecord | undefined> => {
  const row = await table.get(PARTITION, planId);
  return row && PlanRecord.parse(row.data);
};

/** Every plan that is kept, decided ones included. */
export const listPlans = async function* (table: Table): AsyncGenerator<PlanRecord> {
  for await (const { data } of table.query(PARTITION)) yield PlanRecord.parse(data);
};

export interface PlanMove {
  readonly planId: string;
  readonly from: readonly PlanStatus[];
  readonly to: PlanStatus;
  readonly now: Date;
  readonly decision?: Decision;
  readonly successor?: string;
}

/**
 * Moves a plan from one status to another; of two who try at once, one does.
 * @throws {ComplianceError} permanent `unknown-plan`, `plan-expired` or `plan-decided`
 */
export const movePlan = async (table: Table, move: PlanMove): Promise<PlanRecord> => {
  const { planId, from, to, now, decision, successor } = move;
  const row = await table.get(PARTITION, planId);
  if (!row)
    throw permanent(
      'unknown-plan',
      `There is no plan ${planId}. 'compliance plans list' shows those there are.`,
    );
  const record = PlanRecord.parse(row.data);
  if (!from.includes(record.status)) throw decided(record);
  requireCurrent(record, now);
  const moved: PlanRecord = {
    ...record,
    status: to,
    ...(decision && { decision }),
    ...(successor && { successor }),
  };
  const expiresAt = keepUntil(new Date(record.expiresAt));
  if (await table.put({ pk: PARTITION, sk: planId, data: moved, expiresAt, expected: row.version }))
    return moved;
  const winner = await readPlan(table, planId);
  throw winner ? decided(winner) : permanent('unknown-plan', `${planId} was removed meanwhile.`);
};

/** @throws {ComplianceError} permanent `plan-expired` */
export const requireCurrent = (record: PlanRecord, now: Date): void => {
  if (!isExpired(record, now)) return;
  const { plan, expiresAt } = record;
  throw permanent('plan-expired', `${plan.id} expired at ${expiresAt}; the next sweep plans anew.`);
};

const decided = ({ plan, status, decision }: PlanRecord) => {
  const who = decision ? ` by ${decision.by} at ${decision.at}` : '';
  return permanent('plan-decided', `${plan.id} is ${status} already${who}.`);
};

// Tidied up well after it stopped to count.
const keepUntil = (expiresAt: Date) => new Date(expiresAt.getTime() + 30 * 86_400_000);
