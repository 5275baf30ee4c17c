import { auditEvent, type AuditEvent } from './audit/audit-event.ts';
import type { Publisher } from './audit/publisher.ts';
import type { Plan } from './plan.ts';
import { recordPlan } from './state/plans.ts';
import type { Table } from './state/table.ts';
import { tellUntold, writeWith } from './state/untold.ts';

interface Announcement {
  readonly plan: Plan;
  /** Why it was not applied by itself. */
  readonly withheld?: string;
  readonly livesDays: number;
  /** Whom and what the event is about. */
  readonly about: Pick<AuditEvent, 'command' | 'severity' | 'accountId' | 'region' | 'resource' | 'owner'>;
}

interface Announcing {
  readonly table: Table;
  readonly publish: Publisher;
  readonly now: () => Date;
}

/** Keeps a plan and tells of it, once for the same finding; what an earlier try could not tell is told now. */
export const announcePlan = async (
  { plan, withheld, livesDays, about }: Announcement,
  { table, publish, now }: Announcing,
): Promise<void> => {
  const why = withheld === undefined ? {} : { withheld };
  const event = auditEvent({ type: 'plan-created', ...about, plan, ...why }, now());
  const { owner } = about;
  const planned = { plan, now: now(), livesDays, ...why, ...(owner !== undefined && { owner }) };
  const kept = await writeWith(event, publish, (told) =>
    recordPlan(table, { ...planned, ...(told && { event: told }) }),
  );
  await tellUntold(kept, { table, publish });
};
