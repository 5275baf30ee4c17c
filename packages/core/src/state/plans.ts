import { defined } from '../base/defined.ts';
import { permanent } from '../base/errors.ts';
import { formerPlanIdOf, planIdOf, type Plan } from '../plan/plan.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import { readDecision, readDecisions, replaceDecision, type StoredDecision } from './decisions.ts';
import { publishPending, type Stored } from './outbox.ts';
import {
  assertNotExpired,
  isExpired,
  isOfFormerRelease,
  isOutdated,
  parsePlanRecord,
  shownDigestOf,
  storedPlan,
  successorsOf,
  type Decision,
  type PlanRecord,
  type PlanStatus,
} from './plan-record.ts';
import type { Table, TableItem } from './table.ts';
import {
  noteUnpublished,
  removeNote,
  type Note,
  type NotedKind,
  type UnpublishedNote,
} from './unpublished-plans.ts';

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

/** A plan as a whole, and the rows that hold it. */
export interface PlanRows {
  readonly data: PlanRecord;
  readonly row: Stored<PlanRecord>;
  readonly decision?: Stored<StoredDecision>;
  /** The notes that this run made before it wrote rows that hold events. */
  readonly notes?: Readonly<Partial<Record<NotedKind, Note>>>;
}

/**
 * Stores a plan under its id.
 * An open or decided plan stays as it is: the same violation seen twice is one plan. A plan that was applied, expired
 * or superseded is opened again, because the violation is back; so is a plan that somebody edited in the table.
 */
export const storePlan = async (table: Table, planned: NewPlan): Promise<PlanRows> => {
  const { plan, now } = planned;
  const stored = await table.get(PARTITION, plan.id);
  const decision = await readDecision(table, plan.id);
  const known = stored && unaltered(parseRow(stored), decision);
  if (known && isActive(known.data, now)) return known;
  const round = Math.max(known?.row.data.round ?? 0, decision?.data.round ?? 0) + 1;
  const data = { ...openRecord(planned, known?.row.data.pendingEvents), round };
  const note = await noteEvents(table, data, { plan, kind: 'plan', now });
  const row = await replaceRow(table, data, stored?.version ?? 0);
  const rows = row ? joined(row, decision) : await getPlanOrThrow(table, plan.id);
  return { ...rows, notes: defined({ plan: note }) };
};

/** The plan with this id that `storePlan` would leave as it is. */
export const readActivePlan = async (
  table: Table,
  planId: string,
  now: Date,
): Promise<PlanRows | undefined> => {
  const known = await readRows(table, planId);
  return typeof known === 'object' && isActive(known.data, now) ? known : undefined;
};

/** The same plan as the release before stored it, unless it has expired. */
export const readFormerPlan = async (table: Table, plan: Plan, now: Date): Promise<PlanRows | undefined> => {
  const known = await readRows(table, formerPlanIdOf(plan));
  return typeof known === 'object' && !isExpired(known.data, now) ? known : undefined;
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

/** A plan with its rows. @throws {ComplianceError} permanent `plan-altered` */
const readStoredPlan = async (table: Table, planId: string): Promise<PlanRows | undefined> => {
  const known = await readRows(table, planId);
  if (known !== 'altered') return known;
  throw permanent(
    'plan-altered',
    `${planId} was edited in the state table after it was planned. The next sweep plans the fix again.`,
  );
};

/** @throws {ComplianceError} permanent `unknown-plan` or `plan-altered` */
export const getPlanOrThrow = async (table: Table, planId: string): Promise<PlanRows> => {
  const known = await readStoredPlan(table, planId);
  if (known) return known;
  throw permanent(
    'unknown-plan',
    `Unknown plan ${planId}. 'compliance plans list --status all' shows all plans.`,
  );
};

/** Every stored plan, decided ones included. */
export const listPlans = async function* (table: Table): AsyncGenerator<PlanRecord> {
  const decisions = await readDecisions(table);
  for await (const row of table.query(PARTITION)) yield joined(parseRow(row), decisions.get(row.sk)).data;
};

interface PublishContext {
  readonly table: Table;
  readonly publish: Publisher;
}

/** Publishes the events of a plan, and of what became of it, that are not published yet. */
export const publishPlanEvents = async (rows: PlanRows, context: PublishContext): Promise<void> => {
  await publishPlanAlone(rows, context);
  const { decision, notes } = rows;
  const isPublished = !decision || (await publishPending(decision, (data) => data, context));
  if (isPublished && notes?.decision) await removeNote(context.table, notes.decision);
};

/** Publishes the events of a plan alone, for a function that may not write decisions. */
export const publishPlanAlone = async ({ row, notes }: PlanRows, context: PublishContext): Promise<void> => {
  if ((await publishPending(row, storedPlan, context)) && notes?.plan)
    await removeNote(context.table, notes.plan);
};

/** Publishes what a killed run noted of a plan. @throws {ComplianceError} permanent `plan-altered` */
export const publishNotedPlan = async (
  { planId, kind, note }: UnpublishedNote,
  context: PublishContext,
): Promise<void> => {
  const rows = await readStoredPlan(context.table, planId);
  await (rows
    ? publishPlanEvents({ ...rows, notes: { [kind]: note } }, context)
    : removeNote(context.table, note));
};

export interface PlanTransition {
  readonly planId: string;
  readonly from: readonly PlanStatus[];
  readonly to: StoredDecision['status'];
  readonly now: Date;
  readonly decision?: Decision;
  readonly supersededBy?: string;
  readonly appliedByChange?: string;
  /** Published with the transition. */
  readonly event?: AuditEvent;
}

/**
 * Moves a plan from one status to another. Of two concurrent transitions, one succeeds.
 * @throws {ComplianceError} permanent `unknown-plan`, `plan-altered`, `plan-outdated`, `plan-expired` or `plan-decided`
 */
export const transitionPlan = async (
  table: Table,
  { planId, from, to, now, event, decision: decided, ...successor }: PlanTransition,
): Promise<PlanRows> => {
  const { data: record, row, decision } = await getPlanOrThrow(table, planId);
  if (!from.includes(record.status)) throw alreadyDecided(record);
  if (isOfFormerRelease(record)) throw outdated(record);
  assertNotExpired(record, now);
  const next: StoredDecision = {
    planId,
    round: row.data.round ?? 0,
    status: to,
    expiresAt: record.expiresAt,
    ...defined({
      decision: decided ?? record.decision,
      shown: decided ? shownDigestOf(row.data) : decision?.data.shown,
      successor: successor.supersededBy ?? successor.appliedByChange,
      lastEventId: event?.id ?? record.lastEventId,
      pendingEvents: withPendingEvent(decision?.data.pendingEvents, event),
    }),
  };
  const expected = decision?.version ?? 0;
  const expiresAt = deleteAt(new Date(record.expiresAt));
  const { plan } = record;
  const note = await noteEvents(table, next, { plan, kind: 'decision', now });
  const written = await replaceDecision(table, next, { expected, expiresAt });
  if (written) return { ...joined(row, written), notes: defined({ decision: note }) };
  throw alreadyDecided((await getPlanOrThrow(table, planId)).data);
};

/** Refuses what the release before planned and nobody rejected or applied. @throws {ComplianceError} permanent `plan-outdated` */
export const assertNotOutdated = (record: PlanRecord): void => {
  if (isOutdated(record)) throw outdated(record);
};

const outdated = ({ plan }: PlanRecord) =>
  permanent(
    'plan-outdated',
    `${plan.id} was planned by an earlier release, whose ids cover neither risk nor words. The next sweep plans the fix again: decide on that plan.`,
  );

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

/** Notes that a row is about to hold events, so that a sweep publishes them if this run ends before it does. */
const noteEvents = async (
  table: Table,
  { pendingEvents, expiresAt }: Pick<PlanRecord | StoredDecision, 'pendingEvents' | 'expiresAt'>,
  { now, plan, kind }: { readonly plan: Plan; readonly kind: NotedKind; readonly now: Date },
): Promise<Note | undefined> =>
  pendingEvents && noteUnpublished(table, { plan, kind }, { now, expiresAt: deleteAt(new Date(expiresAt)) });

const readRows = async (table: Table, planId: string): Promise<PlanRows | 'altered' | undefined> => {
  const stored = await table.get(PARTITION, planId);
  return stored && (unaltered(parseRow(stored), await readDecision(table, planId)) ?? 'altered');
};

const parseRow = (row: TableItem): Stored<PlanRecord> => ({ ...row, data: parsePlanRecord(row.data) });

/** The plan as a whole, unless its row does not hold what its id, or what its approval, covers. */
const unaltered = (
  row: Stored<PlanRecord>,
  decision: Stored<StoredDecision> | undefined,
): PlanRows | undefined => {
  const { plan, status, round } = row.data;
  if (plan.id !== row.sk) return undefined;
  if (isOfFormerRelease(row.data)) return joined(row, decision);
  const isOwn = planIdOf(plan) === row.sk && status === 'open';
  const isShown =
    decision?.data.shown === undefined ||
    decision.data.round !== round ||
    decision.data.shown === shownDigestOf(row.data);
  return isOwn && isShown ? joined(row, decision) : undefined;
};

/** Joins a plan with the decision on its present round. */
const joined = (row: Stored<PlanRecord>, decision: Stored<StoredDecision> | undefined): PlanRows => {
  const { pendingEvents: own, ...plan } = row.data;
  const pendingEvents = withPendingEvents(own, decision?.data.pendingEvents);
  const data: PlanRecord = {
    ...plan,
    ...(decision && decision.data.round === plan.round
      ? decidedIn(decision.data)
      : { status: undecidedStatus(plan) }),
    ...defined({ pendingEvents }),
  };
  return { data, row, ...defined({ decision }) };
};

const decidedIn = ({ status, expiresAt, decision, successor, lastEventId }: StoredDecision) => ({
  status,
  expiresAt,
  ...successorsOf(status, successor),
  ...defined({ decision, lastEventId }),
});

/** What the release before planned and nobody rejected or applied is planned again. */
const undecidedStatus = (record: PlanRecord): PlanStatus =>
  isOfFormerRelease(record) && ['open', 'approved'].includes(record.status) ? 'superseded' : record.status;

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

const withPendingEvent = (pending: readonly AuditEvent[] | undefined, event: AuditEvent | undefined) =>
  withPendingEvents(pending, event && [event]);

const withPendingEvents = (
  pending: readonly AuditEvent[] = [],
  more: readonly AuditEvent[] = [],
): readonly AuditEvent[] | undefined => {
  const all = [...pending, ...more];
  return all.length > 0 ? all : undefined;
};

const alreadyDecided = ({ plan, status, decision }: PlanRecord) => {
  const who = decision ? ` by ${decision.by} at ${decision.at}` : '';
  return permanent('plan-decided', `${plan.id} is already ${status}${who}.`);
};

/** TTL of the row: 30 days after the plan expires. */
const deleteAt = (expiresAt: Date) => new Date(expiresAt.getTime() + 30 * 86_400_000);
