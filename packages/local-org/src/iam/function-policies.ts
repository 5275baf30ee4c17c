import { GetPolicyCommand, GetResourcePolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { createCache } from '../base/cache.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { Call } from '../protocol/call.ts';
import { parsePolicy, type PolicyDocument } from './policy.ts';

/** Reads the resource policies of functions from the emulator. */
export interface FunctionPolicies {
  /**
   * The policy of a function, version or alias; `undefined` when it has none.
   * Statements name an exact ARN: a policy on the function does not apply to its aliases.
   */
  readonly of: (functionArn: string) => Promise<PolicyDocument | undefined>;
  /** Receives every completed call; a write to Lambda invalidates the cache. */
  readonly onCompleted: (call: Call) => void;
}

export const createFunctionPolicies = (clients: EmulatorClients): FunctionPolicies => {
  const { read, invalidate } = createCache<PolicyDocument | undefined>();
  return {
    of: async (functionArn) => read(functionArn, async () => readPolicy(clients, functionArn)),
    onCompleted: ({ service, operation }) => {
      if (service === 'lambda' && !/^(Get|List|Invoke)/.test(operation)) invalidate();
    },
  };
};

const readPolicy = async (
  clients: EmulatorClients,
  functionArn: string,
): Promise<PolicyDocument | undefined> => {
  const [, , , region = '', accountId = '', , FunctionName = '', Qualifier] = functionArn.split(':');
  const lambda = clients(LambdaClient, { accountId, region });
  const whole = await undefinedIfNotFound(
    lambda.send(new GetResourcePolicyCommand({ ResourceArn: functionArn })),
    NONE,
  );
  // The emulator keeps what AddPermission added to a version or an alias apart.
  const added =
    Qualifier === undefined || whole !== undefined
      ? undefined
      : await undefinedIfNotFound(lambda.send(new GetPolicyCommand({ FunctionName, Qualifier })), NONE);
  const text = (whole ?? added)?.Policy;
  return text === undefined ? undefined : parsePolicy(text);
};

const NONE = 'ResourceNotFoundException';
