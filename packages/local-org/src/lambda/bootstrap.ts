/**
 * The runtime in the process of a function: loads the handler once, then runs one invocation at a time.
 * Arguments: the folder of the code, and the handler (`index.handler`).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { FunctionError, InvokeMessage, WorkerMessage } from './worker-messages.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const send = (message: WorkerMessage): void => {
  process.send?.(message);
};

const functionError = (error: unknown): FunctionError =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

const load = async (folder: string, handler: string): Promise<Handler> => {
  const dot = handler.lastIndexOf('.');
  const [module, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const file = ['.mjs', '.js', '.cjs'].map((suffix) => join(folder, module + suffix)).find(existsSync);
  if (file === undefined)
    throw Object.assign(new Error(`Cannot find module '${module}'`), { name: 'Runtime.ImportModuleError' });
  const exports: unknown = await import(pathToFileURL(file).href);
  const found = memberOf(exports, name) ?? memberOf(memberOf(exports, 'default'), name);
  if (!isHandler(found))
    throw Object.assign(new Error(`${handler} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  return found;
};

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

const invoke = async (handler: Handler, message: InvokeMessage): Promise<void> => {
  const { requestId, event, invokedFunctionArn, deadlineMs } = message;
  const { env } = process;
  try {
    const result = await handler(JSON.parse(event), {
      functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
      functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
      memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
      logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
      logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
      callbackWaitsForEmptyEventLoop: true,
      awsRequestId: requestId,
      invokedFunctionArn,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    });
    send({ type: 'result', requestId, payload: JSON.stringify(result ?? null) });
  } catch (error) {
    send({ type: 'error', requestId, error: functionError(error) });
  }
};

const [, , folder = '', handlerName = ''] = process.argv;
try {
  const handler = await load(folder, handlerName);
  process.on('message', (message: InvokeMessage) => {
    void invoke(handler, message);
  });
  // The organization has ended: nothing will use this process again.
  process.on('disconnect', () => {
    process.exitCode = 0;
    process.kill(process.pid, 'SIGKILL');
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'init-failed', error: functionError(error) });
}
