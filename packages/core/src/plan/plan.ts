import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { Json, canonical, digest } from '../base/json.ts';
import { Resource } from '../aws/resource.ts';
import { Difference } from './difference.ts';

/** An AWS call as plans and journals store it. */
export const PlannedCall = z.object({
  operation: z.string(),
  input: Json,
  region: z.string().optional(),
});

/** An edit of a shared document as plans and journals store it. */
export const PlannedEdit = z.object({
  type: z.literal('edit'),
  document: z.string(),
  key: z.string(),
  region: z.string().optional(),
  /** There was no document before our first edit, which started from AWS's defaults. */
  absent: z.boolean(),
  difference: Difference,
});

const PlannedStep = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    ...PlannedCall.shape,
    undo: z.union([
      PlannedCall,
      z.object({ impossible: z.string() }),
      // The undo depends on the call's answer, such as the id of what it created.
      z.object({ afterAnswer: z.literal(true) }),
    ]),
  }),
  PlannedEdit,
]);
export type PlannedStep = Readonly<z.infer<typeof PlannedStep>>;

/** A fix computed from an observation: the exact calls and edits, before anything is done. */
export const Plan = z.object({
  /** From `planIdOf`, without time: the same violation seen twice is one plan. */
  id: z.string(),
  command: z.string(),
  accountId: AccountId,
  region: z.string(),
  resource: Resource,
  facts: Json,
  handles: Json.optional(),
  /** Why the resource is not compliant. */
  annotation: z.string(),
  description: z.string(),
  risk: z.enum(['safe', 'disruptive', 'irreversible']),
  steps: z.array(PlannedStep),
  undoLeaves: Json.optional(),
  /** The same change as infrastructure as code. */
  inCode: z.object({ terraform: z.string(), cloudFormation: z.string().exactOptional() }).exactOptional(),
});
export type Plan = Readonly<z.infer<typeof Plan>>;

/**
 * The id of a plan: the digest of everything that decides and everything that is shown, without time.
 * A stored plan with another id was edited by hand. Handles stay outside: what matters of them is in the steps, and some
 * change daily, such as a last-used date.
 */
export const planIdOf = (plan: Omit<Plan, 'id'>): string => {
  const { description, risk, annotation, undoLeaves, inCode } = plan;
  return `plan-${digest({ ...decisive(plan), description, risk, annotation, undoLeaves, inCode })}`;
};

/** The id under which the release before stored the same plan. It covered neither risk nor words. */
export const formerPlanIdOf = (plan: Omit<Plan, 'id'>): string => `plan-${digest(decisive(plan))}`;

const decisive = ({ command, accountId, region, resource, facts, steps }: Omit<Plan, 'id'>) => {
  const { resourceType, resourceId } = resource;
  return { command, accountId, region, resource: { resourceType, resourceId }, facts, steps };
};

/** Whether two plans do the same, for the same reason, at the same risk. Their words may differ. */
export const decidesSame = (one: Plan, other: Plan): boolean =>
  canonical([decisive(one), one.risk, one.undoLeaves]) ===
  canonical([decisive(other), other.risk, other.undoLeaves]);
