import {
  BatchGetResourceConfigCommand,
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
  paginateSelectResourceConfig,
  type ResourceType,
} from '@aws-sdk/client-config-service';
import { explain, type Session } from '@compliance/core/scan';
import pMap from 'p-map';

import { queryOf, readAll, RecordingGroup, Row, type RecordedAccount, type Recorder } from './recorded.ts';

const PAGE = 100;

/** The records of an account's own AWS Config, asked in each Region. */
export const ownItems = (session: Session): RecordedAccount => {
  const client = (region: string) => session.at(region).client(ConfigServiceClient);
  // A global resource is recorded in some Region: that of its row is `global`.
  const regionOfRow = new WeakMap<Row, string>();
  return {
    together: (regions) => regions.map((region) => [region]),
    rows: async function* (types, regions) {
      for (const region of regions)
        for await (const { Results = [] } of paginateSelectResourceConfig(
          { client: client(region), pageSize: PAGE },
          { Expression: queryOf(types) },
        )) {
          const rows = Results.map((row) => Row.parse(JSON.parse(row)));
          for (const row of rows) regionOfRow.set(row, region);
          yield rows;
        }
    },
    items: async (rows) => {
      const regions = Map.groupBy(rows, (row) => regionOfRow.get(row) ?? row.awsRegion);
      const found = await Promise.all(
        [...regions].map(([region, inRegion]) =>
          readAll(
            inRegion.map(({ resourceType, resourceId }) => ({
              // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a rule may name a newer type than the SDK knows.
              resourceType: resourceType as ResourceType,
              resourceId,
            })),
            async (resourceKeys) => {
              const answer = await client(region).send(new BatchGetResourceConfigCommand({ resourceKeys }));
              const { baseConfigurationItems: items = [], unprocessedResourceKeys = [] } = answer;
              return {
                items,
                unprocessed: unprocessedResourceKeys.flatMap(({ resourceType, resourceId }) =>
                  resourceType !== undefined && resourceId !== undefined
                    ? [{ resourceType, resourceId }]
                    : [],
                ),
              };
            },
          ),
        ),
      );
      return found.flat();
    },
    recorders: async (regions) =>
      new Map(
        await pMap(regions, async (region) => [region, await recorderIn(client(region))] as const, {
          concurrency: 8,
        }),
      ),
  };
};

const recorderIn = async (client: ConfigServiceClient): Promise<Recorder> => {
  try {
    const { ConfigurationRecorders: [recorder] = [] } = await client.send(
      new DescribeConfigurationRecordersCommand({}),
    );
    if (!recorder) return { state: 'off', reason: 'there is no recorder' };
    const { ConfigurationRecordersStatus: [status] = [] } = await client.send(
      new DescribeConfigurationRecorderStatusCommand({}),
    );
    return status?.recording === true
      ? {
          state: 'recording',
          group: RecordingGroup.parse(recorder.recordingGroup ?? { allSupported: true }),
        }
      : { state: 'off', reason: 'the recorder is stopped' };
  } catch (error) {
    return { state: 'off', reason: `whether it records cannot be read: ${explain(error)}` };
  }
};
