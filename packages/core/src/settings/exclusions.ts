import { isGlobMatch } from '../base/glob.ts';
import type { Resource } from '../aws/resource.ts';
import type { Settings } from './settings.ts';

/** Name patterns of resources that AWS or its landing zone owns. Changing them breaks them or is reverted. */
const OWNED_BY_AWS = [
  'aws-controltower*',
  'AWSControlTower*',
  'aws-accelerator*',
  'AWSAccelerator*',
  'cdk-hnb659fds-*',
  'stacksets-exec-*',
  'AWSReservedSSO_*',
  'AWSServiceRoleFor*',
  '*:role/aws-service-role/*',
  '*:role/aws-reserved/*',
  'aws-config-conforms-*',
  'awsconfigconforms*',
];

/** The patterns of the settings, besides the built-in ones. */
interface Exclusions {
  readonly exclusions: readonly string[];
}

/** The pattern that marks a resource as owned by AWS or the landing zone. It matches the name, id or ARN. */
export const exclusionPatternFor = (
  { resourceName, resourceId, arn }: Resource,
  { exclusions }: Exclusions,
): string | undefined => {
  const names = [resourceName, resourceId, arn].filter((name) => name !== undefined);
  return [...OWNED_BY_AWS, ...exclusions].find((pattern) => names.some((name) => isGlobMatch(pattern, name)));
};

/**
 * Why a fix must leave a resource alone: AWS, the landing zone or code owns it. Every path to a fix uses it.
 * A person who approves the very plan may fix what code manages, never what AWS or the landing zone owns.
 */
export const leftAloneReason = (
  resource: Resource,
  settings: Exclusions & Pick<Settings, 'infrastructureAsCode'>,
  { approved }: { readonly approved: boolean },
): string | undefined =>
  exclusionReason(resource, settings) ?? (approved ? undefined : managedAsCodeReason(resource, settings));

/** Why a resource must not be fixed: AWS or the landing zone owns it. */
export const exclusionReason = (resource: Resource, settings: Exclusions): string | undefined => {
  const pattern = exclusionPatternFor(resource, settings);
  return pattern === undefined
    ? undefined
    : `The resource belongs to AWS or the landing zone (its name matches ${pattern}).`;
};

/** Why a resource must not be fixed automatically: infrastructure as code manages it. */
export const managedAsCodeReason = (
  { tags = {} }: Pick<Resource, 'tags'>,
  { infrastructureAsCode: { enforce, tags: marks } }: Pick<Settings, 'infrastructureAsCode'>,
): string | undefined => {
  if (enforce) return undefined;
  const mark = Object.entries(marks).find(
    ([name, pattern]) => tags[name] !== undefined && isGlobMatch(pattern, tags[name]),
  );
  return (
    mark &&
    `The resource is managed as code (tag ${mark[0]}=${tags[mark[0]]}). Change it there, or set infrastructureAsCode.enforce.`
  );
};
