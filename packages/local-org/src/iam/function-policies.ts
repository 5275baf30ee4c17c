import { GetPolicyCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import type { EmulatorClients } from '../emulator/clients.ts';
import { createCache } from '../base/cache.ts';
import type { Call } from '../protocol/call.ts';
import { parsePolicy, type PolicyDocument } from './policy.ts';

/** The resource policies of functions, as the emulator keeps them. */
export interface FunctionPolicies {
  /**
   * Of a function, version or alias; `undefined` when it has none.
   * Statements name the exact ARN that they are for: a policy on the function says nothing about its aliases.
   */
  readonly of: (functionArn: string) => Promise<PolicyDocument | undefined>;
  /** To be told of every call that passed: a write to Lambda makes what we read stale. */
  readonly onCompleted: (call: Call) => void;
}

export const createFunctionPolicies = (clients: EmulatorClients): FunctionPolicies => {
  const { read, invalidate: forget } = createCache<PolicyDocument | undefined>();
  return {
    of: async (functionArn) => read(functionArn, async () => readPolicy(clients, functionArn)),
    onCompleted: ({ service, operation }) => {
      if (service === 'lambda' && !/^(Get|List|Invoke)/.test(operation)) forget();
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
