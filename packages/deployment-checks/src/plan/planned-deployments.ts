import { distinctCoverage } from '../model/coverage.ts';
import type { DeployedRecorder, DeployedTable, Deployment, NamedResource } from '../model/deployment.ts';
import { parseJson } from '../model/parse-json.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import type { AwsValues } from './aws-resources.ts';
import type { PlanJson } from './plan-json.ts';
import type { PlanPlace } from './plan-places.ts';
import { organizationCoverage, plannedCoverage, planRefusals } from './planned-coverage.ts';
import { plannedEvents } from './planned-events.ts';
import { plannedOrganization } from './planned-organization.ts';
import { functionName, plannedPermissions } from './planned-permissions.ts';
import { plannedPacks, type PackOptions } from './planned-packs.ts';
import {
  accountRegionOf,
  plannedResources,
  type Planned,
  type PlannedResources,
  type Side,
} from './planned-resources.ts';
import { plannedRoles } from './planned-roles.ts';

export interface PlannedDeploymentOptions extends PackOptions {
  readonly masterAccountId: string;
  /** The accounts that packs reached before, if they differ. */
  readonly accountIdsBefore?: readonly string[] | undefined;
  /** The place of resources for which the plan has none. */
  readonly place?: Partial<PlanPlace> | undefined;
}

/** The deployments before and after a plan is applied. */
export const plannedDeployments = (
  plan: PlanJson,
  options: PlannedDeploymentOptions,
): { readonly before: Deployment; readonly after: Deployment } => {
  const { accountIdsBefore: accountIds = options.accountIds } = options;
  const before = deploymentOn('before', plan, { ...options, accountIds });
  const after = deploymentOn('after', plan, options);
  // Resources about to be destroyed count as covered, too.
  const coverage = distinctCoverage([...before.coverage, ...after.coverage]);
  return { before: { ...before, coverage }, after: { ...after, coverage } };
};

const deploymentOn = (side: Side, plan: PlanJson, options: PlannedDeploymentOptions): Deployment => {
  const resources = plannedResources(plan, side, options.place);
  const { packs, rules, reached, gaps } = plannedPacks(resources, options);
  const content = {
    ...functionResources(resources),
    permissions: plannedPermissions(plan, resources),
    ...storeResources(resources),
    ...recorderResources(resources),
    packs,
    rules,
    // A plan has only its name.
    signingKeys: [],
    viewerFunctions: resources.of('aws_cloudfront_function').map(({ accountId, values: { name, code } }) => ({
      accountId,
      name,
      code,
    })),
  };
  const { eventTargets, ...events } = plannedEvents(plan, resources);
  const roles = plannedRoles(plan, resources);
  const organization = plannedOrganization(plan);
  return {
    partition: options.place?.partition ?? partitionOf(resources),
    ...content,
    ...events,
    roles,
    organization,
    serviceControlPolicies: [],
    providerConstraints: constraintsIn(plan),
    coverage: [
      ...plannedCoverage({ ...content, ...events, roles, reached, eventTargets }),
      ...organizationCoverage(organization, options.masterAccountId),
    ],
    refusals: planRefusals(options.masterAccountId, options.accountIds),
    gaps: [...resources.gaps(), ...gaps],
  };
};

const constraintsIn = ({ configuration }: PlanJson): readonly string[] => [
  ...new Set(
    Object.values(configuration?.provider_config ?? {}).flatMap(({ name, version_constraint: constraint }) =>
      name === 'aws' ? (constraint ?? []) : [],
    ),
  ),
];

const partitionOf = ({ of }: PlannedResources): string =>
  [
    ...of('aws_iam_role'),
    ...of('aws_lambda_function'),
    ...of('aws_config_configuration_recorder'),
    ...of('aws_config_organization_conformance_pack'),
  ][0]?.partition ?? 'aws';

const functionResources = ({ of }: PlannedResources) => ({
  functions: of('aws_lambda_function').map(({ values, ...place }) => ({
    ...accountRegionOf(place),
    name: values.function_name,
    runtime: values.runtime,
    roleArn: values.role,
    environment: values.environment?.variables ?? undefined,
  })),
  aliases: of('aws_lambda_alias').map(({ values, ...place }) => ({
    ...accountRegionOf(place),
    name: values.name,
    functionName: functionName(values.function_name),
  })),
  documents: of('aws_ssm_document').map(({ values, ...place }) => ({
    ...accountRegionOf(place),
    name: values.name,
    content: parseJson(values.content),
    sharedWith: values.permissions?.account_ids ?? [],
    // Writing a version makes it the default one.
    ...(place.change.change.actions.includes('no-op') && {
      defaultVersion: values.default_version,
      latestVersion: values.latest_version,
    }),
  })),
});

/** The state table is the one table with a policy. The table's own ARN in it may be known only after apply. */
const plannedTablePolicy = (of: PlannedResources['of']): DeployedTable['policy'] => {
  const [planned] = of('aws_dynamodb_resource_policy');
  if (!planned) return undefined;
  return planned.values.policy === undefined ? null : parsePolicyDocument(planned.values.policy);
};

const storeResources = ({ of }: PlannedResources) => ({
  tables: of('aws_dynamodb_table').map(({ values, ...place }) => ({
    ...accountRegionOf(place),
    name: values.name,
    keys: [
      { name: values.hash_key, role: 'HASH' as const },
      { name: values.range_key, role: 'RANGE' as const },
    ].flatMap(({ name, role }) =>
      name === undefined
        ? []
        : [{ name, role, type: values.attribute?.find((each) => each.name === name)?.type ?? '' }],
    ),
    expiryAttribute: values.ttl?.enabled === true ? values.ttl.attribute_name : undefined,
    policy: plannedTablePolicy(of),
  })),
  buckets: of('aws_s3_bucket').map(({ values, ...place }) => ({
    ...accountRegionOf(place),
    name: values.bucket,
  })),
  parameters: of('aws_ssm_parameter').map(named),
  topics: of('aws_sns_topic').map(named),
  logGroups: of('aws_cloudwatch_log_group').map(named),
});

const recorderResources = ({ of }: PlannedResources) => {
  const statuses = of('aws_config_configuration_recorder_status');
  return {
    recorders: of('aws_config_configuration_recorder').map((recorder): DeployedRecorder => {
      const { name, recording_group: group, recording_mode: mode } = recorder.values;
      const status = statuses.find(
        ({ accountId, region }) => accountId === recorder.accountId && region === recorder.region,
      );
      const overrides = mode?.recording_mode_override;
      return {
        ...accountRegionOf(recorder),
        name,
        recording: status?.values.is_enabled === true,
        records: recordsOf(group),
        daily: [
          ...(mode?.recording_frequency === 'DAILY' ? ['*'] : []),
          ...(overrides?.recording_frequency === 'DAILY' ? overrides.resource_types : []),
        ],
      };
    }),
    channels: of('aws_config_delivery_channel').map(named),
  };
};

type Group = AwsValues<'aws_config_configuration_recorder'>['recording_group'];

const recordsOf = (group: Group): DeployedRecorder['records'] => {
  const excluded = group?.exclusion_by_resource_types?.resource_types ?? [];
  if (excluded.length > 0) return { type: 'all-but', resourceTypes: excluded };
  if (group && !group.all_supported) return { type: 'listed', resourceTypes: group.resource_types };
  return { type: 'all', includeGlobal: group?.include_global_resource_types === true };
};

const named = ({ values: { name }, ...place }: Planned<{ name: string }>): NamedResource => ({
  ...accountRegionOf(place),
  name,
});
