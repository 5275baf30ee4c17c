import { text, type Call, type OperationName, type RawReply, type RawRequest } from '../protocol/call.ts';
import { operationName } from '../protocol/call.ts';
import type { AccessKeyAges } from './access-key-ages.ts';
import type { Buckets } from '../iam/buckets.ts';
import type { CredentialReport } from './credential-report.ts';

/** What the emulator gets wrong, set right on the way in and on the way out. */
export interface Workarounds {
  readonly fixRequest: (call: Call) => RawRequest;
  readonly fixReply: (call: Call, reply: RawReply) => Promise<RawReply>;
}

interface Dependencies {
  readonly buckets: Buckets;
  readonly ages: AccessKeyAges;
  readonly report: CredentialReport;
}

export const createWorkarounds = ({ buckets, ages, report }: Dependencies): Workarounds => {
  const replies: Readonly<
    Record<OperationName, (call: Call, reply: RawReply) => RawReply | Promise<RawReply>>
  > = {
    // Answered as it was put: the emulator holds a mended copy.
    's3:GetBucketPolicy': (call, reply) => ({
      ...reply,
      body: buckets.policyOf(text(call, 'Bucket') ?? '') ?? reply.body,
    }),
    'iam:ListAccessKeys': (call, reply) => ({
      ...reply,
      body: ages.applyTo(call.accountId, reply.body.toString()),
    }),
    'iam:GetCredentialReport': async (call, reply) => ({
      ...reply,
      body: await report.rewrite(call.accountId, reply.body.toString()),
    }),
  };
  return {
    fixRequest: (call) => REQUESTS[operationName(call)]?.(call) ?? ownBucketHost(call),
    fixReply: async (call, reply) => {
      if (reply.status >= 300) return reply;
      const mended = (await replies[operationName(call)]?.(call, reply)) ?? reply;
      if (mended === reply) return reply;
      return {
        ...mended,
        headers: { ...mended.headers, 'content-length': String(Buffer.byteLength(mended.body)) },
      };
    },
  };
};

/** The emulator finds trails to start and stop by name only. */
const trailByName = (call: Call): RawRequest => {
  const name = text(call, 'Name') ?? '';
  return {
    ...call.request,
    body: Buffer.from(JSON.stringify({ ...call.input, Name: name.split('/').at(-1) })),
  };
};

/** The emulator ignores conditions, so that "deny without TLS" would deny all: it gets only what it can judge. The gateway judges the rest. */
const judgeablePolicy = (call: Call): RawRequest => {
  const policy: unknown = JSON.parse(call.request.body.toString());
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy)) return call.request;
  const judgeable = [policy.Statement].flat().filter((statement: unknown) => !isConditionalDeny(statement));
  return withBody(call.request, JSON.stringify({ ...policy, Statement: judgeable }));
};

const isConditionalDeny = (statement: unknown): boolean =>
  typeof statement === 'object' &&
  statement !== null &&
  'Condition' in statement &&
  'Effect' in statement &&
  statement.Effect === 'Deny';

/** Without the checksums of the body that it replaces. */
const withBody = (request: RawRequest, body: string): RawRequest => ({
  ...request,
  headers: Object.fromEntries(
    Object.entries(request.headers).filter(
      ([name]) => !/^content-md5$|^x-amz-checksum-|^x-amz-sdk-checksum/.test(name),
    ),
  ),
  body: Buffer.from(body),
});

/** `bucket.127.0.0.1` in the Host header becomes `/bucket`, which the emulator understands. */
const ownBucketHost = (call: Call): RawRequest => {
  const bucket = call.service === 's3' ? text(call, 'Bucket') : undefined;
  const { request } = call;
  const isHost = bucket !== undefined && request.headers['host']?.startsWith(`${bucket}.`) === true;
  return isHost ? { ...request, path: `/${bucket}${request.path}` } : request;
};

const REQUESTS: Readonly<Record<OperationName, (call: Call) => RawRequest>> = {
  'cloudtrail:StartLogging': trailByName,
  'cloudtrail:StopLogging': trailByName,
  's3:PutBucketPolicy': (call) => judgeablePolicy({ ...call, request: ownBucketHost(call) }),
};
