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
  readonly ages: AccessKeyAges;
  readonly report: CredentialReport;
}

export const createWorkarounds = ({ ages, report }: Dependencies): Workarounds => {
  const replies: Readonly<
    Record<OperationName, (call: Call, reply: RawReply) => RawReply | Promise<RawReply>>
  > = {
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
};
