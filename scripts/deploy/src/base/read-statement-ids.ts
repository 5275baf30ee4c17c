import { GetPolicyCommand, ResourceNotFoundException, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';

const Policy = z.object({ Statement: z.array(z.object({ Sid: z.string().optional() })) });

/** The ids of the statements in the resource policy of a function; none where it has no policy. */
export const readStatementIds = async (
  lambda: LambdaClient,
  FunctionName: string,
): Promise<readonly (string | undefined)[]> => {
  try {
    const policy = await lambda.send(new GetPolicyCommand({ FunctionName }));
    return Policy.parse(JSON.parse(policy.Policy ?? '{"Statement":[]}')).Statement.map(({ Sid }) => Sid);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
};
