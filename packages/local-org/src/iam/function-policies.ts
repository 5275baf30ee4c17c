import { GetPolicyCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { createCache } from '../base/cache.ts';
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
  const [, , , region = '', accountId = '', , name = '', qualifier] = functionArn.split(':');
  const lambda = clients(LambdaClient, { accountId, region });
  try {
    const { Policy } = await lambda.send(
      new GetPolicyCommand({ FunctionName: name, ...(qualifier !== undefined && { Qualifier: qualifier }) }),
    );
    return Policy === undefined ? undefined : parsePolicy(Policy);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};
