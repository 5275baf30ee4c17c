import { isPlainObject } from '@compliance/core';
import * as z from 'zod';

import { AWS_RESOURCES, type AwsResourceType, type AwsValues } from './aws-resources.ts';
import { createPlaceLookup, type PlanPlace } from './plan-places.ts';
import type { PlanJson, ResourceChange } from './plan-json.ts';

/** Before the plan is applied, or after. */
export type Side = 'before' | 'after';

/** A resource with its place, its arguments as one side of the plan has them. */
export interface Planned<Values> extends PlanPlace {
  readonly change: ResourceChange;
  readonly values: Values;
}

export interface PlannedResources {
  readonly of: <Type extends AwsResourceType>(type: Type) => readonly Planned<AwsValues<Type>>[];
  /** What was left out, and why. */
  readonly gaps: () => readonly string[];
}

/** The place alone. */
export const accountRegionOf = ({ accountId, region }: PlanPlace) => ({ accountId, region });

/** The resources of one side of a plan, parsed; what cannot be placed or understood becomes a gap. */
export const plannedResources = (
  plan: PlanJson,
  side: Side,
  given: Partial<PlanPlace> = {},
): PlannedResources => {
  const placeOf = createPlaceLookup(plan, given);
  const gaps = new Set<string>();

  const of = <Type extends AwsResourceType>(type: Type): readonly Planned<AwsValues<Type>>[] =>
    plan.resource_changes.flatMap((change) => {
      const raw = change.change[side];
      if (change.type !== type || change.mode !== 'managed' || !raw) return [];
      const { partition, accountId, region } = placeOf(change, raw);
      if (partition === undefined || accountId === undefined || region === undefined) {
        gaps.add(
          `${change.address}: its account or Region is not in the plan. Name them for the whole plan.`,
        );
        return [];
      }
      const parsed = AWS_RESOURCES[type].safeParse(
        side === 'after' ? withUnknown(raw, change.change.after_unknown) : raw,
      );
      if (!parsed.success) {
        gaps.add(`${change.address}: not known before apply, or not understood: ${oneLine(parsed.error)}`);
        return [];
      }
      // The schema is that of this type; a record of schemas forgets which.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
      return [{ partition, accountId, region, change, values: parsed.data as AwsValues<Type> }];
    });

  return { of, gaps: () => [...gaps].toSorted() };
};

/** The members of maps that are known only after apply, which Terraform leaves out, as null. */
const withUnknown = (value: unknown, unknown: unknown): unknown => {
  if (unknown === true) return null;
  if (Array.isArray(value) && Array.isArray(unknown))
    return value.map((element, index) => withUnknown(element, unknown[index]));
  if (!isPlainObject(value) || !isPlainObject(unknown)) return value;
  const keys = [...new Set([...Object.keys(value), ...Object.keys(unknown)])];
  return Object.fromEntries(
    keys
      .filter((key) => key in value || unknown[key] === true)
      .map((key) => [key, withUnknown(value[key], unknown[key])] as const),
  );
};

const oneLine = (error: z.ZodError) => z.prettifyError(error).replaceAll(/\s+/g, ' ');
