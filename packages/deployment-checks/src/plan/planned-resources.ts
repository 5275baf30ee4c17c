import { explainIssues, isPlainObject } from '@compliance/core';

import { AWS_RESOURCES, type AwsResourceType, type AwsValues } from './aws-resources.ts';
import type { PlanJson, ResourceChange } from './plan-json.ts';
import { createPlaceLookup, type PlanPlace } from './plan-places.ts';

/** The state before a plan is applied, or after. */
export type Side = 'before' | 'after';

/** A resource with its place and its arguments on one side. */
export interface Planned<Values> extends PlanPlace {
  readonly change: ResourceChange;
  readonly values: Values;
}

export interface PlannedResources {
  readonly of: <Type extends AwsResourceType>(type: Type) => readonly Planned<AwsValues<Type>>[];
  /** Resources that were skipped, and why. */
  readonly gaps: () => readonly string[];
}

/** Only the account and Region of a resource. */
export const accountRegionOf = ({ accountId, region }: PlanPlace) => ({ accountId, region });

/** Parses the resources on one side of a plan. A resource without a place or with unknown values is a gap. */
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
          `${change.address}: account or Region of the resource is not in the plan. Give them for the whole plan.`,
        );
        return [];
      }
      const parsed = AWS_RESOURCES[type].safeParse(
        side === 'after' ? withUnknown(raw, change.change.after_unknown) : raw,
      );
      if (!parsed.success) {
        gaps.add(
          `${change.address}: arguments are known only after apply, or invalid: ${explainIssues(parsed.error)}`,
        );
        return [];
      }
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a record of schemas loses which type each has.
      return [{ partition, accountId, region, change, values: parsed.data as AwsValues<Type> }];
    });

  return { of, gaps: () => [...gaps].toSorted() };
};

/** Adds, as null, the map entries that are known only after apply: Terraform omits them. */
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
