import { setTimeout as delay } from 'node:timers/promises';

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

import type { Place } from '../base/place.ts';
import type { Credentials } from '../iam/credentials.ts';
import type { StepContext } from './executions.ts';
import type { ActionStep } from './run-automation.ts';

export interface StepDependencies {
  /** @throws {AwsError} when the role does not trust SSM for this execution */
  readonly assumeRole: (
    roleArn: string,
    source: { readonly accountId: string; readonly executionArn: string },
  ) => Promise<Credentials>;
  readonly lambdaClient: (credentials: Credentials, place: Place) => LambdaClient;
  /** Waits on the clock of the local organization. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** AWS limits the step to five minutes, whatever the timeout of the function. */
const LAMBDA_STEP_SECONDS = 300;
const PAYLOAD_LIMIT = 200 * 1024;

/** Performs the actions of automation steps. */
export const createStepActions =
  (deps: StepDependencies) =>
  async (context: StepContext, step: ActionStep): Promise<Readonly<Record<string, unknown>>> => {
    switch (step.action) {
      case 'aws:invokeLambdaFunction':
        return invokeLambdaFunction(deps, context, step);
      case 'aws:sleep':
        await deps.sleep(milliseconds(String(step.inputs.Duration)));
        return {};
      default:
        throw new Error(`Unknown action: ${JSON.stringify(step satisfies never)}`);
    }
  };

const invokeLambdaFunction = async (
  { assumeRole, lambdaClient }: StepDependencies,
  { place, executionArn, assumeRole: roleArn }: StepContext,
  {
    inputs,
    timeoutSeconds = LAMBDA_STEP_SECONDS,
  }: Extract<ActionStep, { action: 'aws:invokeLambdaFunction' }>,
): Promise<Readonly<Record<string, unknown>>> => {
  if (roleArn === '') {
    throw new Error(
      'The document has no assumeRole: it would run with the permissions of its caller, and AWS Config may not invoke a function.',
    );
  }
  const credentials = await assumeRole(roleArn, { accountId: place.accountId, executionArn });
  // InputPayload takes precedence over the older Payload.
  const payload =
    inputs.InputPayload === undefined ? (inputs.Payload ?? '{}') : JSON.stringify(inputs.InputPayload);
  const seconds = Math.min(timeoutSeconds, LAMBDA_STEP_SECONDS);
  const answer = await within(
    seconds,
    lambdaClient(credentials, place).send(
      new InvokeCommand({
        FunctionName: inputs.FunctionName,
        InvocationType: inputs.InvocationType ?? 'RequestResponse',
        Payload: payload,
        ...(inputs.Qualifier === undefined ? {} : { Qualifier: inputs.Qualifier }),
      }),
    ),
  );
  const text = answer.Payload?.transformToString() ?? '';
  if (text.length > PAYLOAD_LIMIT)
    throw new Error(
      `Payload of ${inputs.FunctionName} too large: ${text.length} characters. A step allows ${PAYLOAD_LIMIT}.`,
    );
  if (answer.FunctionError !== undefined)
    throw new Error(`Lambda function failed: ${answer.FunctionError}: ${text}`);
  return { StatusCode: String(answer.StatusCode ?? ''), Payload: text };
};

const within = async <T>(seconds: number, answer: Promise<T>): Promise<T> => {
  const timer = new AbortController();
  const late = delay(seconds * 1000, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`Step timed out after ${seconds} seconds.`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
};

/** Parses SSM's ISO 8601 duration, such as PT10M. */
const milliseconds = (duration: string): number => {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration) ?? invalidDuration(duration);
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
};

const invalidDuration = (duration: string): never => {
  throw new Error(`Invalid duration of aws:sleep: '${duration}'. Use ISO 8601, such as PT10M.`);
};
