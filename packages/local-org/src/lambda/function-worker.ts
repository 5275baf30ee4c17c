import { randomUUID } from 'node:crypto';

import type { FunctionLogLine } from '../base/invocation.ts';
import type { Credentials } from '../iam/credentials.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { CodeStore } from './code-store.ts';
import type { FunctionConfiguration } from './function-configurations.ts';
import type { FunctionTarget } from './function-name.ts';
import { startWorker, type Worker } from './worker.ts';

export interface FunctionWorkerDependencies {
  readonly code: Pick<CodeStore, 'folder'>;
  /** Assumes the execution role, which must trust Lambda. */
  readonly assumeRole: (roleArn: string, functionName: string) => Promise<Credentials>;
  readonly endpointUrl: () => string;
}

/** Workers with the same fingerprint are interchangeable. */
export const fingerprintOf = (configuration: FunctionConfiguration): string => JSON.stringify(configuration);

/** Starts a process for a function, with the environment that Lambda gives it. */
export const startFunctionWorker = async (
  { code, assumeRole, endpointUrl }: FunctionWorkerDependencies,
  target: FunctionTarget,
  configuration: FunctionConfiguration,
  log: (entry: FunctionLogLine) => void,
): Promise<Worker> => {
  if (!configuration.runtime.startsWith('nodejs')) {
    throw awsError(
      'InvalidRuntimeException',
      `Not supported by the local organization: runtime ${configuration.runtime} of ${target.name}. Use Node.js.`,
      502,
    );
  }
  const id = `local-${randomUUID().slice(0, 18)}`;
  const credentials = await assumeRole(configuration.roleArn, target.name);
  return startWorker({
    id,
    fingerprint: fingerprintOf(configuration),
    folder: code.folder(configuration.codeSha256),
    handler: configuration.handler,
    memoryMb: configuration.memoryMb,
    environment: environmentOf({ id, target, configuration, credentials, endpointUrl: endpointUrl() }),
    onLine: (stream, line, requestId) => {
      log({ functionName: target.name, stream, line, ...(requestId === undefined ? {} : { requestId }) });
    },
  });
};

const environmentOf = ({
  id,
  target,
  configuration,
  credentials,
  endpointUrl,
}: {
  readonly id: string;
  readonly target: FunctionTarget;
  readonly configuration: FunctionConfiguration;
  readonly credentials: Credentials;
  readonly endpointUrl: string;
}): Record<string, string> => ({
  ...configuration.environment,
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  AWS_REGION: target.place.region,
  AWS_DEFAULT_REGION: target.place.region,
  AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
  AWS_LAMBDA_FUNCTION_NAME: target.name,
  AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${target.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: `local/[${configuration.version}]${id}`,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
  AWS_ENDPOINT_URL: endpointUrl,
  // The SDK sends it in the user agent of every call: it identifies the calling process.
  AWS_SDK_UA_APP_ID: id,
});
