import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { Difference } from './difference.ts';
import { Json, digest } from '../base/json.ts';
import { Resource } from '../aws/resource.ts';

/** An AWS call as plans and journals keep it. */
export const PlannedCall = z.object({
  operation: z.string(),
  input: Json,
  region: z.string().optional(),
});

/** An edit of a shared document as plans and journals keep it. */
export const PlannedEdit = z.object({
  type: z.literal('edit'),
  document: z.string(),
  key: z.string(),
  region: z.string().optional(),
  /** There was no document before the first of our edits, which began from what AWS assumes then. */
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
      // What is undone is known once the call has answered, as the id of what it created.
      z.object({ afterAnswer: z.literal(true) }),
    ]),
  }),
  PlannedEdit,
]);
export type PlannedStep = Readonly<z.infer<typeof PlannedStep>>;

/** A fix as it was computed from what was seen: the exact calls and edits, and nothing done yet. */
export const Plan = z.object({
  /** The digest of all that decides: the same finding seen twice is one plan. No time in it. */
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
  /** The change in the words of the code that may own the resource. */
  inCode: z.object({ terraform: z.string(), cloudFormation: z.string().exactOptional() }).exactOptional(),
});
export type Plan = Readonly<z.infer<typeof Plan>>;

/** What a plan is called, by all that decides: where one that was kept has another name, somebody edited it. */
export const planIdOf = ({
  command,
  accountId,
  region,
  resource,
  facts,
  steps,
}: Omit<Plan, 'id'>): string => {
  const { resourceType, resourceId } = resource;
  return `plan-${digest({ command, accountId, region, resource: { resourceType, resourceId }, facts, steps })}`;
};
