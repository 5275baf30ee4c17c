import { isGlobMatch } from '../base/glob.ts';
import type { Resource } from '../aws/resource.ts';
import { codeMarkIn } from './code-marks.ts';
import { ownedPatternFor, type ResourcePlace } from './owned-names.ts';
import type { Settings } from './settings.ts';

/** The patterns of the settings, besides the built-in ones. */
interface Exclusions {
  readonly exclusions: readonly string[];
}

/**
 * The pattern that marks a resource as owned by AWS or the landing zone.
 * The built-in ones hold for their types only; those of the settings match the name, id or ARN of any type.
 */
export const exclusionPatternFor = (
  resource: Resource,
  { exclusions }: Exclusions,
  place: ResourcePlace,
): string | undefined => {
  const { resourceName, resourceId, arn } = resource;
  const names = [resourceName, resourceId, arn].filter((name) => name !== undefined);
  return (
    ownedPatternFor(resource, place) ??
    exclusions.find((pattern) => names.some((name) => isGlobMatch(pattern, name)))
  );
};

/**
 * Why a fix must leave a resource alone: AWS, the landing zone or code owns it. Every path to a fix uses it.
 * A person who approves the very plan may fix what code manages, never what AWS or the landing zone owns.
 */
export const leftAloneReason = (
  resource: Resource,
  settings: Exclusions & Pick<Settings, 'infrastructureAsCode'>,
  { approved, place }: { readonly approved: boolean; readonly place: ResourcePlace },
): string | undefined =>
  exclusionReason(resource, settings, place) ??
  (approved ? undefined : managedAsCodeReason(resource, settings));

/** Why a resource must not be fixed: AWS or the landing zone owns it. */
export const exclusionReason = (
  resource: Resource,
  settings: Exclusions,
  place: ResourcePlace,
): string | undefined => {
  const pattern = exclusionPatternFor(resource, settings, place);
  return pattern === undefined
    ? undefined
    : `The resource belongs to AWS or the landing zone (its name matches ${pattern}).`;
};

/** Why a resource must not be fixed automatically: infrastructure as code manages it. */
export const managedAsCodeReason = (
  { tags = {} }: Pick<Resource, 'tags'>,
  { infrastructureAsCode: { enforce, tags: marks } }: Pick<Settings, 'infrastructureAsCode'>,
): string | undefined => {
  const mark = enforce ? undefined : codeMarkIn(tags, marks);
  return (
    mark &&
    `The resource is managed as code (tag ${mark[0]}=${mark[1]}). Change it there, or set infrastructureAsCode.enforce.`
  );
};
