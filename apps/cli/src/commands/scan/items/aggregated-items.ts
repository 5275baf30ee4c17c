import {
  BatchGetAggregateResourceConfigCommand,
  ConfigServiceClient,
  paginateDescribeConfigurationAggregators,
  paginateDescribeConfigurationAggregatorSourcesStatus,
  paginateSelectAggregateResourceConfig,
  type ResourceType,
} from '@aws-sdk/client-config-service';
import { parseConfigurationItem, type Session } from '@compliance/core/scan';
import * as z from 'zod';

import { UsageError } from '../../../output/exit-codes.ts';
import {
  queryOf,
  readAll,
  RecordingGroup,
  Row,
  type Item,
  type RecordedAccount,
  type Recorder,
} from './recorded.ts';

const PAGE = 100;

/** Recorded without being asked for, free of charge. */
const RECORDER = 'AWS::Config::ConfigurationRecorder';

type Sources = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** An aggregator, with what it last heard of each account and Region. */
export interface Aggregator {
  readonly name: string;
  readonly region: string;
  /** By account and Region: `SUCCEEDED`, or why the aggregator has nothing or nothing new. Plain data for workers. */
  readonly sources: Sources;
}

/** Finds the aggregator of the organization in the caller's Region. @throws {UsageError} when there is not exactly one */
export const findAggregator = async (session: Session, name: string | undefined): Promise<Aggregator> => {
  const client = session.client(ConfigServiceClient);
  const pages = await Array.fromAsync(paginateDescribeConfigurationAggregators({ client }, {}));
  const all = pages.flatMap(({ ConfigurationAggregators = [] }) => ConfigurationAggregators);
  const candidates = all
    .filter((one) =>
      name === undefined ? one.OrganizationAggregationSource : one.ConfigurationAggregatorName === name,
    )
    .flatMap(({ ConfigurationAggregatorName }) => ConfigurationAggregatorName ?? []);
  const [found, other] = candidates;
  const place = `${session.region} of account ${session.accountId}`;
  if (found === undefined)
    throw new UsageError(
      `${name === undefined ? 'No aggregator of an organization' : `No aggregator '${name}'`} in ${place}. Use --aggregator, or --region with its Region.`,
    );
  if (other !== undefined)
    throw new UsageError(
      `Several aggregators in ${place}: ${candidates.join(', ')}. Choose one with --aggregator.`,
    );
  return { name: found, region: session.region, sources: await readSources(client, found) };
};

/** Unproven: that an aggregator of an organization lists each account, and not the organization alone. */
const readSources = async (client: ConfigServiceClient, name: string): Promise<Sources> => {
  const sources: Record<string, Record<string, string>> = {};
  for await (const {
    AggregatedSourceStatusList = [],
  } of paginateDescribeConfigurationAggregatorSourcesStatus(
    { client, pageSize: PAGE },
    { ConfigurationAggregatorName: name },
  ))
    for (const {
      SourceId = '',
      AwsRegion = '',
      LastUpdateStatus = '',
      LastErrorMessage = '',
    } of AggregatedSourceStatusList)
      (sources[SourceId] ??= {})[AwsRegion] = `${LastUpdateStatus} ${LastErrorMessage}`.trim();
  return sources;
};

/** The Regions that an aggregator has of an account; its own for one that it does not have, which then is not covered. */
export const aggregatedRegions = ({ sources, region }: Aggregator, accountId: string): readonly string[] => {
  const regions = Object.keys(sources[accountId] ?? {}).toSorted();
  return regions.length > 0 ? regions : [region];
};

/** The records of one account in an aggregator. @param session Of the aggregator's account. */
export const aggregatedItems = (
  session: Session,
  { name, region: aggregatorRegion, sources }: Aggregator,
  accountId: string,
): RecordedAccount => {
  const client = session.at(aggregatorRegion).client(ConfigServiceClient);
  const items: RecordedAccount['items'] = (rows) =>
    readAll(
      rows.map(({ resourceType, resourceId, awsRegion }) => ({
        SourceAccountId: accountId,
        // Unproven: the Region by which an aggregator knows global resources.
        SourceRegion: awsRegion,
        ResourceId: resourceId,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a rule may name a newer type than the SDK knows.
        ResourceType: resourceType as ResourceType,
      })),
      async (ResourceIdentifiers) => {
        const answer = await client.send(
          new BatchGetAggregateResourceConfigCommand({
            ConfigurationAggregatorName: name,
            ResourceIdentifiers,
          }),
        );
        const { BaseConfigurationItems = [], UnprocessedResourceIdentifiers = [] } = answer;
        return {
          items: BaseConfigurationItems,
          unprocessed: ResourceIdentifiers.filter((asked) =>
            UnprocessedResourceIdentifiers.some(
              (left) => left.ResourceId === asked.ResourceId && left.ResourceType === asked.ResourceType,
            ),
          ),
        };
      },
    );

  const rowsOf = async function* (types: readonly string[]) {
    for await (const { Results = [] } of paginateSelectAggregateResourceConfig(
      { client, pageSize: PAGE },
      { ConfigurationAggregatorName: name, Expression: queryOf(types, accountId) },
    ))
      yield Results.map((row) => Row.parse(JSON.parse(row)));
  };

  return {
    together: (regions) => [regions],
    rows: async function* (types, regions) {
      for await (const rows of rowsOf(types))
        yield rows.filter(({ awsRegion }) => awsRegion === 'global' || regions.includes(awsRegion));
    },
    items,
    recorders: async (regions) => {
      const rows = (await Array.fromAsync(rowsOf([RECORDER]))).flat();
      const parsed = (await items(rows)).map((item) => parseConfigurationItem(item));
      const known = new Map(parsed.map((item) => [item.awsRegion, recorderOf(item)]));
      return new Map(
        regions.map((region) => {
          const status = sources[accountId]?.[region];
          if (status === undefined) return [region, off('the aggregator does not have it')];
          if (!status.startsWith('SUCCEEDED')) return [region, off(`the aggregator says ${status}`)];
          return [region, known.get(region) ?? UNKNOWN];
        }),
      );
    },
  };
};

/** Unproven: the members of a recorder's own item. What they do not say is unknown, so only found types count. */
const RecorderItem = z.object({
  recording: z.boolean().optional(),
  recordingGroup: RecordingGroup.optional(),
});

const recorderOf = ({ configuration }: Item): Recorder => {
  const { data } = RecorderItem.safeParse(configuration);
  if (data?.recording === false) return off('the recorder is stopped');
  return data?.recording === true && data.recordingGroup
    ? { state: 'recording', group: data.recordingGroup }
    : UNKNOWN;
};

const UNKNOWN: Recorder = { state: 'unknown' };
const off = (reason: string): Recorder => ({ state: 'off', reason });
