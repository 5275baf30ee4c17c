import { setTimeout as delay } from 'node:timers/promises';

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

import type { Credentials } from '../iam/credentials.ts';
import type { Place } from '../base/place.ts';
import type { ActionStep } from './run-automation.ts';
import type { StepContext } from './executions.ts';

export interface StepDependencies {
  /** @throws when the role does not trust SSM for this execution */
  readonly assumeRole: (
    roleArn: string,
    source: { readonly accountId: string; readonly executionArn: string },
  ) => Promise<Credentials>;
  readonly lambdaClient: (credentials: Credentials, place: Place) => LambdaClient;
  /** Waits as a document says, on the clock of the local organization. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Whatever the function's own time limit: AWS gives the step five minutes. */
const LAMBDA_STEP_SECONDS = 300;
const PAYLOAD_LIMIT = 200 * 1024;

/** Does what a step of an automation says. */
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
      'The document names no assumeRole: it would run with the permissions of whoever starts it, and AWS Config has none to invoke a function.',
    );
  }
  const credentials = await assumeRole(roleArn, { accountId: place.accountId, executionArn });
  // InputPayload wins over the older Payload.
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
    throw new Error(`The function answered ${text.length} characters; a step takes ${PAYLOAD_LIMIT}.`);
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

/** ISO 8601, as SSM wants it: PT10M. */
const milliseconds = (duration: string): number => {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration) ?? badDuration(duration);
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
};

const badDuration = (duration: string): never => {
  throw new Error(`aws:sleep: '${duration}' is not a duration such as PT10M.`);
};
