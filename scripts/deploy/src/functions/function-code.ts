import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { FUNCTIONS, KEEPER, artifactsBucket, sealedLedger, type FunctionKey } from '@compliance/infra';

import type { OwnBucket } from '../base/read-object.ts';
import { confirm } from '../context/confirm.ts';
import { selectedRegions, type DeployContext } from '../context/deploy-context.ts';

type CodeKey = FunctionKey | 'keeper';

/** The code of one function in one Region. */
interface Code {
  readonly name: string;
  readonly region: string;
  readonly bucket: OwnBucket;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
}

/** Shows where the built code differs, asks, and deploys it to the functions in every Region. */
export const deployCode = async (context: DeployContext): Promise<void> => {
  const changes = await mapFunctions(context, async (code, key): Promise<CodeChange | undefined> => {
    const zip = await readFile(context.zips[key]);
    const wanted = createHash('sha256').update(zip).digest();
    const current = await readSha256(code);
    const about = `${code.region}  ${code.name}  ${Math.round(zip.byteLength / 1024)} KiB`;
    if (current === wanted.toString('base64')) {
      context.say(`${about}  already deployed`);
      return undefined;
    }
    const object = `${prefixOf(code)}${wanted.toString('hex')}.zip`;
    const upload = () => code.s3.send(new PutObjectCommand({ ...code.bucket, Key: object, Body: zip }));
    return { code, about, current, wanted: wanted.toString('hex'), object, upload };
  });
  await switchAll(
    context,
    'Deploy this code to',
    changes.filter((change) => change !== undefined),
  );
};

/** Shows the previous code of the functions in every Region, asks, and returns to it. */
export const rollBackCode = async (context: DeployContext): Promise<void> => {
  const changes = await mapFunctions(context, async (code): Promise<CodeChange> => {
    const current = await readSha256(code);
    const { Contents = [] } = await code.s3.send(
      new ListObjectsV2Command({ ...code.bucket, Prefix: prefixOf(code) }),
    );
    const newestFirst = Contents.toSorted((a, b) => Number(b.LastModified) - Number(a.LastModified));
    const index = newestFirst.findIndex(({ Key }) => Key === `${prefixOf(code)}${hexOf(current)}.zip`);
    const object = newestFirst[index + 1]?.Key;
    if (index < 0 || object === undefined)
      throw new Error(
        `No previous code of ${code.name} in ${code.region}: s3://${code.bucket.Bucket}/${prefixOf(code)} has none.`,
      );
    const wanted = object.slice(prefixOf(code).length).replace(/\.zip$/, '');
    return { code, about: `${code.region}  ${code.name}`, current, wanted, object };
  });
  await switchAll(context, 'Return to this code in', changes);
};

/** A function that gets other code. */
interface CodeChange {
  readonly code: Code;
  readonly about: string;
  /** The digest of its code, as Lambda returns it. */
  readonly current: string;
  /** The digest of the other code, in hexadecimal. */
  readonly wanted: string;
  /** The key of the other code. */
  readonly object: string;
  readonly upload?: () => Promise<unknown>;
}

/** Shows all changes, asks once, and makes them. Nothing is changed before the answer. */
const switchAll = async (context: DeployContext, question: string, changes: readonly CodeChange[]) => {
  if (changes.length === 0) return;
  for (const { about, current, wanted } of changes)
    context.say(`${about}  ${hexOf(current).slice(0, 12)} becomes ${wanted.slice(0, 12)}`);
  const regions = new Set(changes.map(({ code }) => code.region)).size;
  await confirm(context, `${question} ${changes.length} function(s) in ${regions} Region(s)?`);
  for (const { code, about, object, upload } of changes) {
    await upload?.();
    context.say(`${about}  ${await switchCode(code, object)}`);
  }
};

const hexOf = (sha256: string) => Buffer.from(sha256, 'base64').toString('hex');

/** The code that a function runs in one Region. */
export interface RunningCode {
  readonly function: string;
  readonly region: string;
  readonly runtime: string | undefined;
  readonly kibibytes: number;
  readonly sha256: string | undefined;
  readonly modifiedAt: string | undefined;
}

/** Reads the code of the functions in every Region; empty when they are not deployed. */
export const readRunningCode = async (context: DeployContext): Promise<readonly RunningCode[]> => {
  try {
    return await mapFunctions(context, async ({ lambda, name, region }) => {
      const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
      return {
        function: name,
        region,
        runtime: found.Runtime,
        kibibytes: Math.round((found.CodeSize ?? 0) / 1024),
        sha256: found.CodeSha256,
        modifiedAt: found.LastModified,
      };
    });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    return [];
  }
};

/** Formats one line for each function and Region. */
export const formatCode = (running: readonly RunningCode[]): string =>
  running.length === 0
    ? 'The functions are not deployed.'
    : [
        ['Region', 'Function', 'Runtime', 'Size', 'SHA-256', 'Deployed'],
        ...running.map(({ region, runtime, kibibytes, sha256, modifiedAt, ...code }) => [
          region,
          code.function,
          runtime ?? '',
          `${kibibytes} KiB`,
          // In hexadecimal, as deploy-app shows it and sha256sum prints it; Lambda has it in Base64.
          hexOf(sha256 ?? '').slice(0, 12),
          modifiedAt ?? '',
        ]),
      ]
        .map((cells) =>
          cells
            .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
            .join('  ')
            .trimEnd(),
        )
        .join('\n');

const WIDTHS = [14, 30, 11, 9, 12];

const mapFunctions = async <T>(
  context: DeployContext,
  act: (code: Code, key: CodeKey) => Promise<T>,
): Promise<readonly T[]> => {
  const { masterAccountId: accountId } = context.settings.organization;
  const answers: T[] = [];
  for (const region of selectedRegions(context)) {
    const s3 = await context.client(S3Client, { accountId, region });
    const lambda = await context.client(LambdaClient, { accountId, region });
    const bucket = { Bucket: artifactsBucket(accountId, region), ExpectedBucketOwner: accountId };
    for (const [key, name] of functionsIn(context, region))
      answers.push(await act({ name, region, bucket, s3, lambda }, key));
  }
  return answers;
};

/** The functions of a Region: the keeper, where the ledger is sealed, is in the home Region alone. */
const functionsIn = (
  { settings }: DeployContext,
  region: string,
): readonly (readonly [CodeKey, string])[] => [
  ['rule', FUNCTIONS.rule],
  ['remediation', FUNCTIONS.remediation],
  ...(sealedLedger(settings) && region === settings.organization.homeRegion
    ? [['keeper', KEEPER] as const]
    : []),
];

const prefixOf = ({ name }: Code) => `functions/${name}/`;

const readSha256 = async ({ lambda, name }: Code): Promise<string> =>
  (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }))).CodeSha256 ?? '';

/** Switches a function to new code, and publishes a version as a record. The functions run the latest code. */
const switchCode = async ({ lambda, name, bucket }: Code, S3Key: string): Promise<string> => {
  const startedAt = performance.now();
  const { Version } = await lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName: name, S3Bucket: bucket.Bucket, S3Key, Publish: true }),
  );
  return `version ${Version ?? '?'} in ${Math.round(performance.now() - startedAt)} ms: ${S3Key.split('/').at(-1)}`;
};
