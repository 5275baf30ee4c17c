import { auditEvent, type AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import type { Plan } from '../plan/plan.ts';
import { storePlan, readActivePlan } from '../state/plans.ts';
import type { Table } from '../state/table.ts';
import { publishPending, writeWithEvent } from '../state/outbox.ts';
import type { Blocker } from '../audit/blocker.ts';

interface Announcement {
  readonly plan: Plan;
  /** Why it was not applied by itself. */
  readonly withheld?: Blocker;
  readonly livesDays: number;
  /** Whom and what the event is about. Asked for a new plan only: finding the owner may take calls. */
  readonly about: () => Promise<
    Pick<AuditEvent, 'command' | 'severity' | 'accountId' | 'region' | 'resource' | 'owner'>
  >;
}

interface AnnounceContext {
  readonly table: Table;
  readonly publish: Publisher;
  readonly now: () => Date;
}

/** Keeps a plan and tells of it, once for the same finding; what an earlier try could not tell is told now. */
export const announcePlan = async (
  announcement: Announcement,
  announcing: AnnounceContext,
): Promise<void> => {
  const { table, now } = announcing;
  const standing = await readActivePlan(table, announcement.plan.id, now());
  await publishPending(standing ?? (await storeNew(announcement, announcing)), announcing);
};

const storeNew = async (
  { plan, withheld: why, livesDays, about: ask }: Announcement,
  { table, publish, now }: AnnounceContext,
) => {
  const about = await ask();
  const { owner } = about;
  const withheld = why && { withheld: why.reason };
  const changedBy = why?.changedBy && { changedBy: why.changedBy };
  const event = auditEvent({ type: 'plan-created', ...about, plan, ...withheld, ...changedBy }, now());
  const planned = { plan, now: now(), livesDays, ...withheld, ...(owner !== undefined && { owner }) };
  return writeWithEvent(event, publish, (told) =>
    storePlan(table, { ...planned, ...(told && { event: told }) }),
  );
};
