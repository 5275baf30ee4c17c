import { defined } from '../base/defined.ts';
import { settingsRevision } from '../settings/settings.ts';
import type { Plan } from '../plan/plan.ts';
import { auditEvent, type AuditEvent, type Circumstances } from '../audit/audit-event.ts';
import type { Blocker } from '../audit/blocker.ts';
import type { Publisher } from '../audit/publisher.ts';
import { writeWithEvent } from '../state/outbox.ts';
import { publishPlanEvents, readActivePlan, storePlan } from '../state/plans.ts';
import type { Table } from '../state/table.ts';
import type { ApplyPlanContext } from './apply-plan.ts';

interface Announcement {
  readonly plan: Plan;
  readonly ttlDays: number;
  /** The content of the event. Called for a new plan only, because finding the owner may take calls. */
  readonly describe: () => Promise<Description>;
}

interface Description {
  readonly subject: Pick<
    AuditEvent,
    'command' | 'severity' | 'accountId' | 'region' | 'resource' | 'owner' | keyof Circumstances
  >;
  /** Why the plan is not applied automatically, besides the mode. */
  readonly blocker?: Blocker | undefined;
}

interface AnnounceContext {
  readonly table: Table;
  readonly publish: Publisher;
  readonly now: () => Date;
}

/** Stores a plan and publishes it once per violation. A pending event of an earlier try is published now. */
export const announcePlan = async (announcement: Announcement, context: AnnounceContext): Promise<void> => {
  const { table, now } = context;
  const active = await readActivePlan(table, announcement.plan.id, now());
  await publishPlanEvents(active ?? (await storeNew(announcement, context)), context);
};

/** Stores and publishes a plan that is not applied now. */
export const announceBlockedPlan = (
  plan: Plan,
  blocker: Blocker,
  { owner, causationId, ...context }: ApplyPlanContext,
): Promise<void> => {
  const { command, accountId, region, resource } = plan;
  const { rule, appliedSettings } = context;
  const subject = {
    command,
    severity: rule.severity,
    accountId,
    region,
    resource,
    owner,
    ...defined({ causationId, rule: rule.release, settingsRevision: settingsRevision(appliedSettings) }),
  };
  const ttlDays = appliedSettings.limits.planTtlDays;
  return announcePlan({ plan, ttlDays, describe: async () => ({ subject, blocker }) }, context);
};

const storeNew = async (
  { plan, ttlDays, describe }: Announcement,
  { table, publish, now }: AnnounceContext,
) => {
  const { subject, blocker } = await describe();
  const withheld = blocker?.reason;
  const createdAt = now();
  const event = auditEvent(
    { type: 'plan-created', ...subject, plan, ...defined({ withheld, changedBy: blocker?.changedBy }) },
    createdAt,
    createdAt,
  );
  const planned = { plan, now: createdAt, ttlDays, ...defined({ withheld, owner: subject.owner }) };
  return writeWithEvent(event, publish, (pending) =>
    storePlan(table, { ...planned, ...defined({ event: pending }) }),
  );
};
