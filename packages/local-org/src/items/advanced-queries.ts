import { ConfigServiceClient, DescribeConfigurationAggregatorsCommand } from '@aws-sdk/client-config-service';
import * as z from 'zod';

import type { ConfigurationItem } from '../base/configuration-item.ts';
import { toJsonTime } from '../base/json-time.ts';
import type { Place } from '../base/place.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call, RawReply } from '../protocol/call.ts';
import { limitOrDefault, page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import { baseApiForm } from './api-form.ts';
import { type History, isDeleted } from './history.ts';
import { parseQuery, type Query } from './query.ts';
import type { Recorders } from './recorder.ts';
import { supportedKinds } from './supported-kinds.ts';

export interface AdvancedQueryDependencies {
  readonly history: History;
  readonly recorders: Recorders;
  readonly clients: EmulatorClients;
  readonly accountIds: () => readonly string[];
  readonly regions: readonly string[];
  readonly now: () => Date;
  readonly forward: (call: Call) => Promise<RawReply>;
}

const SelectRequest = z.object({
  Expression: z.string().min(1).max(4096),
  Limit: z.int().min(0).max(100).optional(),
  NextToken: z.string().optional(),
});
const Aggregator = z.object({ ConfigurationAggregatorName: z.string() });
const BatchRequest = Aggregator.extend({
  ResourceIdentifiers: z
    .array(
      z.object({
        SourceAccountId: z.string(),
        SourceRegion: z.string(),
        ResourceId: z.string(),
        ResourceType: z.string(),
      }),
    )
    .min(1)
    .max(100),
});
const StatusRequest = Aggregator.extend({
  Limit: z.int().min(0).max(100).optional(),
  NextToken: z.string().optional(),
});

/** AWS Config's queries of recorded items, and its aggregator, which sees the recorders of all accounts and Regions. */
export const createAdvancedQueries = (deps: AdvancedQueryDependencies) => ({
  'config:SelectResourceConfig': async (call: Call) => {
    const request = parseInput(SelectRequest, call.input);
    const query = parseQuery(request.Expression);
    const rows = rowsOf(query, await itemsIn(deps, [call]));
    const found = page([...rows, ...(await emulatedRows(deps, call, query))], pageOf(request));
    return { Results: found.items, NextToken: found.nextToken };
  },
  'config:SelectAggregateResourceConfig': async (call: Call) => {
    await assertAggregator(deps, call);
    const request = parseInput(SelectRequest, call.input);
    const rows = rowsOf(parseQuery(request.Expression), await itemsIn(deps, places(deps)));
    const found = page(rows, pageOf(request));
    return { Results: found.items, NextToken: found.nextToken };
  },
  'config:BatchGetAggregateResourceConfig': async (call: Call) => {
    await assertAggregator(deps, call);
    const { ResourceIdentifiers } = parseInput(BatchRequest, call.input);
    const items = await itemsIn(deps, places(deps));
    const found = ResourceIdentifiers.map((id) =>
      items.find(
        (item) =>
          item.awsAccountId === id.SourceAccountId &&
          item.awsRegion === id.SourceRegion &&
          item.resourceType === id.ResourceType &&
          item.resourceId === id.ResourceId,
      ),
    );
    return {
      BaseConfigurationItems: found.flatMap((item) => (item === undefined ? [] : [baseApiForm(item)])),
      UnprocessedResourceIdentifiers: [],
    };
  },
  'config:DescribeConfigurationAggregatorSourcesStatus': async (call: Call) => {
    await assertAggregator(deps, call);
    const request = parseInput(StatusRequest, call.input);
    const sources = places(deps).map(({ accountId, region }) => ({
      SourceId: accountId,
      SourceType: 'ACCOUNT',
      AwsRegion: region,
      LastUpdateStatus: 'SUCCEEDED',
      LastUpdateTime: toJsonTime(deps.now()),
    }));
    const found = page(sources, pageOf(request));
    return { AggregatedSourceStatusList: found.items, NextToken: found.nextToken };
  },
});

const pageOf = ({ Limit, NextToken }: { Limit?: number | undefined; NextToken?: string | undefined }) => ({
  limit: limitOrDefault(Limit, 25),
  nextToken: NextToken,
});

const places = ({ accountIds, regions }: AdvancedQueryDependencies): readonly Place[] =>
  accountIds().flatMap((accountId) => regions.map((region) => ({ accountId, region })));

const itemsIn = async (
  deps: AdvancedQueryDependencies,
  asked: readonly Place[],
): Promise<readonly ConfigurationItem[]> =>
  (
    await Promise.all(
      asked.map(async ({ accountId, region }) => [
        ...deps.history.existing({ accountId, region }),
        ...(await recorderItem(deps, { accountId, region })),
      ]),
    )
  ).flat();

/**
 * The recorder itself, which AWS Config records without being asked to.
 * Unproven: the members of its configuration.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html
 */
const recorderItem = async (
  { recorders, now }: AdvancedQueryDependencies,
  place: Place,
): Promise<readonly ConfigurationItem[]> => {
  const recorder = await recorders.describe(place);
  if (recorder === undefined) return [];
  const arn = `arn:aws:config:${place.region}:${place.accountId}:configuration-recorder/default`;
  return [
    {
      relatedEvents: [],
      relationships: [],
      supplementaryConfiguration: {},
      tags: {},
      configurationItemVersion: '1.3',
      configurationItemCaptureTime: now().toISOString(),
      configurationStateId: now().getTime(),
      awsAccountId: place.accountId,
      configurationItemStatus: 'OK',
      resourceType: 'AWS::Config::ConfigurationRecorder',
      resourceId: 'default',
      resourceName: 'default',
      ARN: arn,
      awsRegion: place.region,
      availabilityZone: 'Regional',
      configurationStateMd5Hash: '',
      resourceCreationTime: null,
      configuration: recorder,
    },
  ];
};

const rowsOf = ({ fields, matches }: Query, items: readonly ConfigurationItem[]): readonly string[] =>
  items
    .filter((item) => !isDeleted(item))
    .map(columnsOf)
    .filter(matches)
    .map((columns) => JSON.stringify(Object.fromEntries(fields.map((field) => [field, columns[field]]))));

/** @see https://github.com/awslabs/aws-config-resource-schema */
const columnsOf = (item: ConfigurationItem): Readonly<Record<string, unknown>> => ({
  accountId: item.awsAccountId,
  arn: item.ARN,
  awsRegion: item.awsRegion,
  configurationItemCaptureTime: item.configurationItemCaptureTime,
  configurationItemStatus: item.configurationItemStatus,
  resourceId: item.resourceId,
  resourceName: item.resourceName ?? undefined,
  resourceType: item.resourceType,
  tags: Object.entries(item.tags).map(([key, value]) => ({ tag: `${key}=${value}`, key, value })),
});

const EmulatedReply = z.object({ Results: z.array(z.string()) });

/** What the emulator has of types that are not recorded here. */
const emulatedRows = async (
  { forward }: AdvancedQueryDependencies,
  call: Call,
  { types }: Query,
): Promise<readonly string[]> => {
  const recorded = new Set([
    'AWS::Config::ConfigurationRecorder',
    ...supportedKinds.map((kind) => kind.resourceType),
  ]);
  if (types.every((type) => recorded.has(type))) return [];
  const { body } = await forward(call);
  return EmulatedReply.parse(JSON.parse(body.toString())).Results;
};

const assertAggregator = async ({ clients }: AdvancedQueryDependencies, call: Call): Promise<void> => {
  const { ConfigurationAggregatorName: name } = parseInput(Aggregator, call.input);
  const command = new DescribeConfigurationAggregatorsCommand({ ConfigurationAggregatorNames: [name] });
  const found = await undefinedIfNotFound(
    clients(ConfigServiceClient, call).send(command),
    'NoSuchConfigurationAggregatorException',
  );
  if (found === undefined)
    throw awsError('NoSuchConfigurationAggregatorException', `No configuration aggregator ${name}.`, 400);
};
