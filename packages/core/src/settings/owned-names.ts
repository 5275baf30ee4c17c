import { isGlobMatch } from '../base/glob.ts';
import type { Resource } from '../aws/resource.ts';
import type { JudgeContext } from '../rule/rule.ts';

/** The account and Region of a resource: a part of some names. */
export type ResourcePlace = Pick<JudgeContext, 'accountId' | 'region'>;

const BUCKET = 'AWS::S3::Bucket';
const ROLE = 'AWS::IAM::Role';
const POLICY = 'AWS::IAM::Policy';
const GROUP = 'AWS::EC2::SecurityGroup';
const STACK = 'AWS::CloudFormation::Stack';
const TRAIL = 'AWS::CloudTrail::Trail';
const TOPIC = 'AWS::SNS::Topic';
const FUNCTION = 'AWS::Lambda::Function';
const LOG_GROUP = 'AWS::Logs::LogGroup';
const EVENT_RULE = 'AWS::Events::Rule';
const REPOSITORY = 'AWS::ECR::Repository';

/**
 * ARNs by which AWS itself shows that it owns a resource, by type. Nobody else can create a role under these paths.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
const OWNED_ARNS: Readonly<Record<string, readonly string[]>> = {
  [ROLE]: ['arn:*:iam::*:role/aws-service-role/*', 'arn:*:iam::*:role/aws-reserved/*'],
};

/**
 * Name patterns of resources of the landing zone, with the types that bear such a name. Of these types, AWS offers no
 * better evidence. Names that hold the account and the Region are matched with this account and Region, because an
 * account has one such resource only. Changing these resources breaks the landing zone or is reverted.
 * @see https://docs.aws.amazon.com/controltower/latest/userguide/account-factory-considerations.html
 * @see https://docs.aws.amazon.com/controltower/latest/userguide/shared-account-resources.html
 * @see https://awslabs.github.io/landing-zone-accelerator-on-aws/latest/developer-guide/cross-cutting/resource-naming/
 * @see https://awslabs.github.io/landing-zone-accelerator-on-aws/latest/developer-guide/stacks/bootstrap/
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 * @see https://docs.aws.amazon.com/config/latest/developerguide/cpack-prerequisites.html
 */
const OWNED_NAMES: readonly (readonly [pattern: string, types: readonly string[]])[] = [
  ['aws-controltower-*-{accountId}-{region}*', [BUCKET]],
  ['aws-controltower-*', [ROLE, TRAIL, TOPIC, FUNCTION, EVENT_RULE]],
  ['AWSControlTower*', [ROLE, POLICY, EVENT_RULE]],
  ['StackSet-AWSControlTower*', [STACK]],
  ['aws-controltower/*', [LOG_GROUP]],
  ['/aws/lambda/aws-controltower-*', [LOG_GROUP]],
  ['aws-accelerator-*-{accountId}-{region}*', [BUCKET]],
  ['aws-accelerator-*', [TOPIC, LOG_GROUP]],
  ['AWSAccelerator*', [ROLE, POLICY, GROUP, STACK, TRAIL, TOPIC, FUNCTION]],
  ['/AWSAccelerator*', [LOG_GROUP]],
  ['/aws/lambda/AWSAccelerator*', [LOG_GROUP]],
  ...['hnb659fds', 'accel'].flatMap((qualifier) => [
    [`cdk-${qualifier}-assets-{accountId}-{region}`, [BUCKET]] as const,
    [`cdk-${qualifier}-container-assets-{accountId}-{region}`, [REPOSITORY]] as const,
    [`cdk-${qualifier}-*-role-{accountId}-*`, [ROLE]] as const,
  ]),
  ['stacksets-exec-*', [ROLE]],
  ['awsconfigconforms*', [BUCKET, STACK]],
];

/** The pattern by which a resource belongs to AWS or the landing zone: its ARN's, otherwise its name's. */
export const ownedPatternFor = (
  { resourceType, resourceName, resourceId, arn = '' }: Resource,
  place: ResourcePlace,
): string | undefined =>
  OWNED_ARNS[resourceType]?.find((pattern) => isGlobMatch(pattern, arn)) ??
  OWNED_NAMES.filter(([, types]) => types.includes(resourceType))
    .map(([pattern]) => inPlace(pattern, place))
    .find((pattern) =>
      [resourceName, resourceId].some((name) => name !== undefined && isGlobMatch(pattern, name)),
    );

const inPlace = (pattern: string, { accountId, region }: ResourcePlace) =>
  pattern.replace('{accountId}', accountId).replace('{region}', region);
