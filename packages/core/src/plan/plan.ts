import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { Json, digest } from '../base/json.ts';
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
  /** The digest of everything that decides, without time: the same violation seen twice is one plan. */
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

/** The id of a plan, from everything that decides. A stored plan with another id was edited by hand. */
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
