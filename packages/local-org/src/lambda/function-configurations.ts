import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';

import { createCache } from '../base/cache.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { FunctionTarget } from './function-name.ts';

/** The settings of a function that affect how it runs. */
export interface FunctionConfiguration {
  readonly version: string;
  readonly roleArn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly codeSha256: string;
  readonly reservedConcurrency: number | undefined;
  readonly maximumRetryAttempts: number;
}

export interface FunctionConfigurations {
  /** @throws ResourceNotFoundException */
  readonly read: (target: FunctionTarget) => Promise<FunctionConfiguration>;
  /** To be called when a function has changed. */
  readonly invalidate: () => void;
}

/** Reads functions, versions, aliases and their settings from the emulator. */
export const createFunctionConfigurations = (clients: EmulatorClients): FunctionConfigurations => {
  const cache = createCache<FunctionConfiguration>();
  return {
    read: async (target) =>
      cache.read(target.invokedArn, async () => read(clients(LambdaClient, target.place), target)),
    invalidate: () => cache.invalidate(),
  };
};

const read = async (lambda: LambdaClient, target: FunctionTarget): Promise<FunctionConfiguration> => {
  const input = { FunctionName: target.name };
  const qualified = target.qualifier === undefined ? input : { ...input, Qualifier: target.qualifier };
  const found = await undefinedIfNotFound(
    lambda.send(new GetFunctionConfigurationCommand(qualified)),
    'ResourceNotFoundException',
  );
  if (found === undefined)
    throw awsError('ResourceNotFoundException', `Function not found: ${target.invokedArn}`, 404);
  const [concurrency, asynchronous] = await Promise.all([
    lambda.send(new GetFunctionConcurrencyCommand(input)),
    undefinedIfNotFound(
      lambda.send(new GetFunctionEventInvokeConfigCommand(input)),
      'ResourceNotFoundException',
    ),
  ]);
  return {
    version: found.Version ?? '$LATEST',
    roleArn: found.Role ?? '',
    handler: found.Handler ?? '',
    runtime: found.Runtime ?? '',
    timeoutSeconds: found.Timeout ?? 3,
    memoryMb: found.MemorySize ?? 128,
    environment: found.Environment?.Variables ?? {},
    codeSha256: found.CodeSha256 ?? '',
    reservedConcurrency: concurrency.ReservedConcurrentExecutions,
    maximumRetryAttempts: asynchronous?.MaximumRetryAttempts ?? 2,
  };
};
