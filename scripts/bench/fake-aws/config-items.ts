import { REGION } from '../start-fake-aws.ts';
import { json, type Answer } from './answer.ts';
import type { Call } from './parse-call.ts';
import { bucketName, versioningStatus } from './s3.ts';
import type { State } from './state.ts';

/** What a query returns at most, unless it asks for less. */
const MOST = 100;
const TYPE = 'AWS::S3::Bucket';
const CAPTURED = '2026-01-01T00:00:00.000Z';

/** Fakes a recorder of all buckets: queries and items. `undefined` for any other call of AWS Config. */
export const answerItems = ({ operation, accountId, body }: Call, state: State): Answer | undefined => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK wrote it.
  const input = JSON.parse(body) as {
    NextToken?: string;
    Limit?: number;
    resourceKeys?: { resourceId: string }[];
  };
  switch (operation) {
    case 'SelectResourceConfig': {
      const start = Number(input.NextToken ?? 0);
      const end = Math.min(start + (input.Limit ?? MOST), state.world.buckets);
      const rows = Array.from({ length: end - start }, (_, offset) => rowOf(accountId, start + offset));
      return json({
        Results: rows.map((row) => JSON.stringify(row)),
        ...(end < state.world.buckets && { NextToken: String(end) }),
      });
    }
    case 'BatchGetResourceConfig':
      return json({
        baseConfigurationItems: (input.resourceKeys ?? []).map(({ resourceId }) =>
          itemOf(accountId, resourceId, state),
        ),
        unprocessedResourceKeys: [],
      });
    case 'DescribeConfigurationRecorders':
      return json({ ConfigurationRecorders: [{ name: 'default', recordingGroup: { allSupported: true } }] });
    case 'DescribeConfigurationRecorderStatus':
      return json({ ConfigurationRecordersStatus: [{ name: 'default', recording: true }] });
    default:
      return undefined;
  }
};

const rowOf = (accountId: string, index: number) => {
  const name = bucketName(index);
  return {
    accountId,
    awsRegion: REGION,
    resourceType: TYPE,
    resourceId: name,
    resourceName: name,
    arn: `arn:aws:s3:::${name}`,
    tags: [],
    configurationItemCaptureTime: CAPTURED,
  };
};

const itemOf = (accountId: string, resourceId: string, state: State) => ({
  version: '1.3',
  accountId,
  awsRegion: REGION,
  resourceType: TYPE,
  resourceId,
  resourceName: resourceId,
  arn: `arn:aws:s3:::${resourceId}`,
  configurationItemCaptureTime: Date.parse(CAPTURED) / 1000,
  configurationItemStatus: 'OK',
  configuration: JSON.stringify({ name: resourceId }),
  supplementaryConfiguration: {
    BucketVersioningConfiguration: JSON.stringify({
      status: versioningStatus(`${accountId}/${resourceId}`, state) ?? 'Off',
      isMfaDeleteEnabled: null,
    }),
  },
});
