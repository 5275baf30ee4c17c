import * as z from 'zod';

import { permanent } from '../base/errors.ts';
import { Plan } from '../plan/plan.ts';
import { PendingEvents } from './outbox.ts';

/** A decision of a person, with the identity that STS proved. */
const Decision = z.object({ by: z.string(), at: z.iso.datetime(), reason: z.string().optional() });
export type Decision = Readonly<z.infer<typeof Decision>>;

/**
 * A plan and what became of it. `superseded`: the resource was not as the plan had found it, so another plan took
 * its place.
 */
export const PlanRecord = z.object({
  plan: Plan,
  status: z.enum(['open', 'approved', 'rejected', 'applied', 'superseded']),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Why it was not applied by itself. */
  withheld: z.string().optional(),
  decision: Decision.optional(),
  /** The change that applied it, or the plan that took its place. */
  successor: z.string().optional(),
  /** Whom the finding goes to. */
  owner: z.string().optional(),
  untold: PendingEvents,
});
export type PlanRecord = Readonly<z.infer<typeof PlanRecord>>;
export type PlanStatus = PlanRecord['status'];

export const isExpired = ({ expiresAt }: PlanRecord, now: Date): boolean => new Date(expiresAt) <= now;

/** @throws {ComplianceError} permanent `plan-expired` */
export const assertNotExpired = (record: PlanRecord, now: Date): void => {
  if (!isExpired(record, now)) return;
  const { plan, expiresAt } = record;
  throw permanent('plan-expired', `${plan.id} expired at ${expiresAt}; the next sweep plans anew.`);
};
