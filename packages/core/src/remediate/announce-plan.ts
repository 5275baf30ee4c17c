import { defined } from '../base/defined.ts';
import { settingsRevision } from '../settings/settings.ts';
import type { Plan } from '../plan/plan.ts';
import { auditEvent, type AuditEvent, type Circumstances } from '../audit/audit-event.ts';
import type { Blocker } from '../audit/blocker.ts';
import type { Publisher } from '../audit/publisher.ts';
import { isOutdated } from '../state/plan-record.ts';
import { writeWithEvent } from '../state/outbox.ts';
import { publishPlanEvents, readActivePlan, readFormerPlan, storePlan } from '../state/plans.ts';
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
  /** How the events of a stored plan are published: a function that may not write decisions leaves theirs to a sweep. */
  readonly publishRows?: typeof publishPlanEvents;
}

/**
 * Stores a plan and publishes it once per violation. A pending event of an earlier try is published now.
 * What the release before planned is planned again, and the event names it; what was rejected then stays rejected.
 * @returns the id under which the plan is stored
 */
export const announcePlan = async (announcement: Announcement, context: AnnounceContext): Promise<string> => {
  const { table, now, publishRows = publishPlanEvents } = context;
  const { plan } = announcement;
  const active = await readActivePlan(table, plan.id, now());
  const former = active ? undefined : await readFormerPlan(table, plan, now());
  if (former) await publishRows(former, context);
  if (former?.data.status === 'rejected') return former.data.plan.id;
  const replaces = former && isOutdated(former.data) ? former.data.plan.id : undefined;
  await publishRows(active ?? (await storeNew({ ...announcement, replaces }, context)), context);
  return plan.id;
};

/** Stores and publishes a plan that is not applied now. */
export const announceBlockedPlan = (
  plan: Plan,
  blocker: Blocker,
  { owner, causationId, ...context }: ApplyPlanContext,
): Promise<string> => {
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
  { plan, ttlDays, describe, replaces }: Announcement & { readonly replaces: string | undefined },
  { table, publish, now }: AnnounceContext,
) => {
  const { subject, blocker } = await describe();
  const withheld = blocker?.reason;
  const createdAt = now();
  const event = auditEvent(
    {
      type: 'plan-created',
      ...subject,
      plan,
      ...defined({ withheld, blockedBy: blocker?.blockedBy, changedBy: blocker?.changedBy, replaces }),
    },
    createdAt,
    createdAt,
  );
  const planned = { plan, now: createdAt, ttlDays, ...defined({ withheld, owner: subject.owner }) };
  return writeWithEvent(event, publish, (pending) =>
    storePlan(table, { ...planned, ...defined({ event: pending }) }),
  );
};
