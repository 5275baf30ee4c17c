import * as z from 'zod';
import type { Upstream } from '../emulator/upstream.ts';
import type { KeyRing } from '../iam/credentials.ts';
import { PolicyError } from '../iam/policy-error.ts';
import { AwsError, awsError } from '../protocol/aws-error.ts';
import {
  operationName,
  type Call,
  type OperationName,
  type RawReply,
  type RawRequest,
} from '../protocol/call.ts';
import { parseCall, protocolOf } from '../protocol/parse-call.ts';
import { errorReply, jsonReply } from '../protocol/replies.ts';
import { accessDenied, throttled } from '../protocol/service-error.ts';
import { assertSignature, scopeOf } from '../protocol/signature.ts';
import type { Workarounds } from './workarounds.ts';

/** A fault that a test injects into a call; 'hang' never answers. */
export type Fault = 'throttle' | 'deny' | 'hang';

interface Dependencies {
  readonly keys: KeyRing;
  readonly authorize: (call: Call) => Promise<void>;
  readonly handlers: Readonly<Record<OperationName, (call: Call) => Promise<unknown>>>;
  /** Whether the emulator answers a call even if there is a handler. */
  readonly isForEmulator: (call: Call) => boolean;
  readonly upstream: Upstream;
  readonly workarounds: Workarounds;
  readonly fault: ((call: Call) => Fault | undefined) | undefined;
  readonly onCompleted: (call: Call, reply: RawReply) => Promise<void>;
  readonly now: () => Date;
}

/** Answers a request: identifies the principal, authorizes the call, and passes it to a handler or the emulator. */
export const createDispatch = (dependencies: Dependencies) => {
  const { keys, fault, authorize, handlers, isForEmulator, upstream, workarounds, onCompleted, now } =
    dependencies;

  const identify = async (request: RawRequest): Promise<Call> => {
    const { principal, credentials } = keys.find(scopeOf(request));
    const { accessKeyId: _, ...call } = await parseCall(request);
    // Only for STS the key id is not enough: a presigned GetCallerIdentity is forwarded by others.
    if (call.service === 'sts') assertSignature(request, credentials.secretAccessKey, now());
    return { ...call, principal, accountId: principal.accountId };
  };

  const answer = async (call: Call): Promise<RawReply> => {
    await injectFault(fault?.(call), call);
    await authorize(call);
    const handler = isForEmulator(call) ? undefined : handlers[operationName(call)];
    if (handler === undefined) {
      const reply = await upstream.forward(workarounds.fixRequest(call), call.accountId);
      return workarounds.fixReply(call, reply);
    }
    return toReply(call, await handler(call));
  };

  return async (request: RawRequest): Promise<RawReply> => {
    let call: Call;
    try {
      call = await identify(request);
    } catch (error) {
      return errorReply(protocolOf(serviceOf(request), request), toAwsError(error, undefined));
    }
    const reply = await answer(call).catch((error: unknown) =>
      errorReply(call.protocol, toAwsError(error, call)),
    );
    try {
      await onCompleted(call, reply);
    } catch (error) {
      return errorReply(call.protocol, toAwsError(error, call));
    }
    return reply;
  };
};

const injectFault = async (fault: Fault | undefined, call: Call): Promise<void> => {
  switch (fault) {
    case undefined:
      return;
    case 'throttle':
      throw throttled(call);
    case 'deny':
      throw accessDenied(
        call,
        `User: ${call.principal.arn} is not authorized to perform: ${operationName(call)} (fault injected by a test)`,
      );
    case 'hang':
      // The connection closes when the client gives up or the gateway stops.
      await new Promise<never>(() => {});
      return;
    default:
      throw new Error(`Unknown fault: ${JSON.stringify(fault satisfies never)}`);
  }
};

const rawReplySchema = z.object({
  type: z.literal('raw'),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.union([z.string(), z.instanceof(Buffer)]),
});

const toReply = (call: Call, value: unknown): RawReply => {
  const raw = rawReplySchema.safeParse(value);
  if (raw.success) return raw.data;
  if (call.protocol === 'json' || call.protocol === 'rest-json') return jsonReply(value);
  throw new Error(
    `Handler of ${operationName(call)} returned no RawReply. Return one: its service uses ${call.protocol}.`,
  );
};

const toAwsError = (error: unknown, call: Call | undefined): AwsError => {
  if (error instanceof PolicyError && call !== undefined) {
    return accessDenied(call, `${operationName(call)} denied: ${error.message}`);
  }
  if (error instanceof AwsError) return error;
  return awsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
};

const serviceOf = (request: RawRequest): string => {
  try {
    return scopeOf(request).service;
  } catch {
    return ''; // Not signed: the rest of the request shows the protocol.
  }
};
