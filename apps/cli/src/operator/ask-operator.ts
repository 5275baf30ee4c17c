import { randomUUID } from 'node:crypto';

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { proofSubject, type OperatorAnswer, type OperatorRequest } from '@compliance/core';
import { FUNCTIONS, OPERATOR_ALIAS } from '@compliance/infra';
import * as z from 'zod';

import { signIdentityProof, type ProofRequest } from './sign-identity-proof.ts';

type Operator = Omit<ProofRequest, 'subject'>;
type Decision = Pick<OperatorRequest, 'action' | 'id'> & { readonly reason?: string | undefined };

const Answer = z.object({
  status: z.enum([
    'approved',
    'rejected',
    'undone',
    'fixed',
    'applied',
    'failed',
    'planned',
    'skipped',
    'human',
    'refused',
  ]),
  reason: z.string(),
  planId: z.string().exactOptional(),
  changeId: z.string().exactOptional(),
}) satisfies z.ZodType<OperatorAnswer>;

/**
 * Puts a person's decision to the remediation function, through the alias that only the master account may invoke.
 * The person never holds credentials that could write in a member account.
 * @throws when the function itself fails; a decision it refuses is an answer
 */
export const askOperator = async (
  operator: Operator,
  { action, id, reason }: Decision,
): Promise<OperatorAnswer> => {
  const lambda = new LambdaClient(operator);
  const request: OperatorRequest = {
    action,
    id,
    proof: await signIdentityProof({ ...operator, subject: proofSubject(action, id) }),
    executionId: `operator-${randomUUID()}`,
    ...(reason !== undefined && { reason }),
  };
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: FUNCTIONS.remediation,
      Qualifier: OPERATOR_ALIAS,
      Payload: Buffer.from(JSON.stringify(request)),
    }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined)
    throw new Error(`${FUNCTIONS.remediation} failed to ${action} ${id}: ${text}`);
  return Answer.parse(JSON.parse(text));
};
