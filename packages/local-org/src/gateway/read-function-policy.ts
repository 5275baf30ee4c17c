import { GetPolicyCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import type { EmulatorClients } from '../emulator-clients.ts';
import { parsePolicy, type PolicyDocument } from './policy.ts';

/**
 * Reads the resource policy of a function, version or alias; `undefined` when it has none.
 * Statements name the exact ARN that they are for: a policy on the function says nothing about its aliases.
 */
export const readFunctionPolicy = async (
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
