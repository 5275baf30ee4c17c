import type { Work } from '../base/work.ts';
import { awsError } from '../protocol/aws-error.ts';
import { type Call, type RawReply, text } from '../protocol/call.ts';
import { functionTarget } from './function-name.ts';
import type { Functions } from './functions.ts';

const SYNCHRONOUS_LIMIT = 6 * 1024 * 1024;
const ASYNCHRONOUS_LIMIT = 1024 * 1024;

/** Lambda's Invoke; the gateway has already authorized the caller. */
export const createInvokeHandler =
  (functions: Functions, work: Work) =>
  async (call: Call): Promise<RawReply> => {
    const target = functionTarget(text(call, 'FunctionName') ?? '', call, text(call, 'Qualifier'));
    const invocationType = call.request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    const { body } = call.request;
    const payload = body.length === 0 ? '{}' : body.toString();
    await functions.assertExists(target);
    assertJson(payload);
    switch (invocationType) {
      case 'DryRun':
        return reply(204, '');
      case 'Event':
        assertWithinLimit(body, ASYNCHRONOUS_LIMIT);
        work.start(`invoking ${target.name} asynchronously`, async () => {
          await functions.invokeAsynchronously(target, payload);
        });
        return reply(202, '');
      case 'RequestResponse': {
        assertWithinLimit(body, SYNCHRONOUS_LIMIT);
        const invocation = await work.track(`invoking ${target.name}`, async () =>
          functions.invoke(target, payload),
        );
        if (invocation.payload.length > SYNCHRONOUS_LIMIT)
          throw tooLarge('Response', invocation.payload.length, SYNCHRONOUS_LIMIT);
        return reply(200, invocation.payload, {
          'x-amzn-requestid': invocation.requestId,
          ...(invocation.functionError === undefined
            ? {}
            : { 'x-amz-function-error': invocation.functionError }),
        });
      }
      default:
        throw awsError('InvalidParameterValueException', `Unknown invocation type ${invocationType}.`, 400);
    }
  };

const reply = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): RawReply => ({
  type: 'raw',
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body,
});

const assertJson = (payload: string): void => {
  try {
    JSON.parse(payload);
  } catch (error) {
    throw awsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${String(error)}`,
      400,
    );
  }
};

const assertWithinLimit = (body: Buffer, limit: number): void => {
  if (body.length > limit) throw tooLarge('Request', body.length, limit);
};

const tooLarge = (message: 'Request' | 'Response', size: number, limit: number) =>
  awsError(
    'RequestTooLargeException',
    `${message} of ${size} bytes exceeds the limit of ${limit} bytes.`,
    413,
  );
