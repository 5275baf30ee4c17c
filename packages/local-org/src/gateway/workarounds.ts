import type { Buckets } from '../iam/buckets.ts';
import { text, type Call, type OperationName, type RawReply, type RawRequest } from '../protocol/call.ts';
import { operationName } from '../protocol/call.ts';
import type { AccessKeyAges } from './access-key-ages.ts';
import type { CredentialReport } from './credential-report.ts';

/** Works around errors of the emulator, in requests to it and in its replies. */
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
    // The policy as it was put: the emulator has a changed copy.
    's3:GetBucketPolicy': (call, reply) => ({
      ...reply,
      body: buckets.policyOf(text(call, 'Bucket') ?? '') ?? reply.body,
    }),
    'sqs:CreateQueue': withQueueUrlHere,
    'sqs:GetQueueUrl': withQueueUrlHere,
    'sqs:ListQueues': withQueueUrlHere,
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
    fixRequest: (call) => REQUESTS[operationName(call)]?.(call) ?? pathStyle(call),
    fixReply: async (call, reply) => {
      if (reply.status >= 300) return reply;
      const fixed = (await replies[operationName(call)]?.(call, reply)) ?? reply;
      if (fixed === reply) return reply;
      return {
        ...fixed,
        headers: { ...fixed.headers, 'content-length': String(Buffer.byteLength(fixed.body)) },
      };
    },
  };
};

/**
 * The URLs of queues with the address of the gateway. The SDK sends what it asks of a queue to its URL, and the emulator
 * itself knows no credentials of the organization.
 */
const withQueueUrlHere = (call: Call, reply: RawReply): RawReply => {
  const here = `http://${call.request.headers['host'] ?? ''}`;
  return { ...reply, body: reply.body.toString().replaceAll(/http:\/\/[^/"]+(?=\/\d{12}\/)/g, here) };
};

/** The emulator starts and stops trails by name only, not by ARN. */
const trailByName = (call: Call): RawRequest => {
  const name = text(call, 'Name') ?? '';
  return {
    ...call.request,
    body: Buffer.from(JSON.stringify({ ...call.input, Name: name.split('/').at(-1) })),
  };
};

/**
 * The policy without conditional denies. The emulator ignores conditions, so that "deny without TLS" would deny
 * everything; the gateway evaluates the complete policy.
 */
const withoutConditionalDenies = (call: Call): RawRequest => {
  const policy: unknown = JSON.parse(call.request.body.toString());
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy)) return call.request;
  const statements = [policy.Statement].flat().filter((statement: unknown) => !isConditionalDeny(statement));
  return withBody(call.request, JSON.stringify({ ...policy, Statement: statements }));
};

const isConditionalDeny = (statement: unknown): boolean =>
  typeof statement === 'object' &&
  statement !== null &&
  'Condition' in statement &&
  'Effect' in statement &&
  statement.Effect === 'Deny';

/** Replaces the body and drops the checksums of the old one. */
const withBody = (request: RawRequest, body: string): RawRequest => ({
  ...request,
  headers: Object.fromEntries(
    Object.entries(request.headers).filter(
      ([name]) => !/^content-md5$|^x-amz-checksum-|^x-amz-sdk-checksum/.test(name),
    ),
  ),
  body: Buffer.from(body),
});

/** Moves the bucket from the Host header to the path, where the emulator expects it. */
const pathStyle = (call: Call): RawRequest => {
  const bucket = call.service === 's3' ? text(call, 'Bucket') : undefined;
  const { request } = call;
  const isHost = bucket !== undefined && request.headers['host']?.startsWith(`${bucket}.`) === true;
  return isHost ? { ...request, path: `/${bucket}${request.path}` } : request;
};

const REQUESTS: Readonly<Record<OperationName, (call: Call) => RawRequest>> = {
  'cloudtrail:StartLogging': trailByName,
  'cloudtrail:StopLogging': trailByName,
  's3:PutBucketPolicy': (call) => withoutConditionalDenies({ ...call, request: pathStyle(call) }),
};
