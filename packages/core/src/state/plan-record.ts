import * as z from 'zod';

import { defined } from '../base/defined.ts';
import { permanent } from '../base/errors.ts';
import { digest } from '../base/json.ts';
import { formerPlanIdOf, Plan, planIdOf } from '../plan/plan.ts';
import { pendingAttributes, pendingIn, type PendingEvents } from './outbox.ts';

/** The decision of a person, with the identity that STS proved. */
export const Decision = z.object({ by: z.string(), at: z.iso.datetime(), reason: z.string().optional() });
export type Decision = Readonly<z.infer<typeof Decision>>;

/**
 * A plan's row. Its attribute names are a contract: rows outlive a release, and the release before reads them again
 * after a rollback. What became of the plan is a row of its own (decisions.ts); the release before wrote it here.
 */
const StoredPlan = z.object({
  plan: Plan,
  status: z.enum(['open', 'approved', 'rejected', 'applied', 'superseded']),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** How often the plan was opened. A decision is valid for one round. */
  round: z.number().optional(),
  withheld: z.string().optional(),
  decision: Decision.optional(),
  /** The change that applied the plan, or the plan that superseded it. */
  successor: z.string().optional(),
  owner: z.string().optional(),
  /** The newest event of the plan: the cause of the next one. */
  lastEventId: z.string().optional(),
  ...pendingAttributes,
});
type StoredPlan = Readonly<z.infer<typeof StoredPlan>>;

export type PlanStatus = StoredPlan['status'];

/** A plan and what became of it. */
export interface PlanRecord extends Omit<StoredPlan, 'successor' | 'untold' | 'pendingEvents'> {
  /** The plan that replaced this one, because the resource had changed. */
  readonly supersededBy?: string;
  readonly appliedByChange?: string;
  readonly pendingEvents?: PendingEvents;
}

export const parsePlanRecord = (row: unknown): PlanRecord => {
  const { successor, untold, pendingEvents: pending, ...record } = StoredPlan.parse(row);
  const pendingEvents = pendingIn({ untold, pendingEvents: pending });
  return { ...record, ...successorsOf(record.status, successor), ...defined({ pendingEvents }) };
};

/** The record under the names of its row. */
export const storedPlan = ({
  supersededBy,
  appliedByChange,
  pendingEvents,
  ...record
}: PlanRecord): StoredPlan => ({
  ...record,
  ...defined({ successor: supersededBy ?? appliedByChange, pendingEvents }),
});

/** What came after a plan: another plan, or a change. */
export const successorsOf = (status: PlanStatus, successor: string | undefined) =>
  defined({
    supersededBy: status === 'superseded' ? successor : undefined,
    appliedByChange: status === 'applied' ? successor : undefined,
  });

/** Whether the release before planned this, under an id that covers less. */
export const isOfFormerRelease = ({ plan }: Pick<PlanRecord, 'plan'>): boolean =>
  planIdOf(plan) !== plan.id && formerPlanIdOf(plan) === plan.id;

/** Whether the release before planned this, and nobody rejected, superseded or applied it: it is planned again. */
export const isOutdated = (record: PlanRecord): boolean =>
  isOfFormerRelease(record) && record.status === 'superseded' && record.supersededBy === undefined;

/**
 * The digest of everything that a person is shown of a plan. An approval signs it.
 * A stored plan does not change from day to day; its handles, which only the fix needs, are left out.
 */
export const shownDigestOf = ({ plan, createdAt, expiresAt, round, withheld, owner }: PlanRecord): string => {
  const { handles: _, ...shown } = plan;
  return digest({ plan: shown, createdAt, expiresAt, round, withheld, owner }, 64);
};

export const isExpired = ({ expiresAt }: Pick<PlanRecord, 'expiresAt'>, now: Date): boolean =>
  new Date(expiresAt) <= now;

/** @throws {ComplianceError} permanent `plan-expired` */
export const assertNotExpired = (record: PlanRecord, now: Date): void => {
  if (!isExpired(record, now)) return;
  const { plan, expiresAt } = record;
  throw permanent('plan-expired', `${plan.id} expired at ${expiresAt}. The next sweep plans the fix again.`);
};
