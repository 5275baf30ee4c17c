import { randomUUID } from 'node:crypto';

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  OPERATOR_ALIAS,
  OPERATOR_STATUSES,
  defined,
  explainIssues,
  proofSubject,
  type OperatorAnswer,
  type OperatorRequest,
} from '@compliance/core';
import { FUNCTIONS } from '@compliance/infra';
import * as z from 'zod';

import { readInMaster } from './read-in-master.ts';
import { signIdentityProof, type ProofOptions } from './sign-identity-proof.ts';

export type Operator = Omit<ProofOptions, 'subject'>;
type Action = Pick<OperatorRequest, 'action' | 'id' | 'shown'> & { readonly reason?: string | undefined };

const Answer = z.object({
  status: z.enum(OPERATOR_STATUSES),
  reason: z.string(),
  planId: z.string().exactOptional(),
  changeId: z.string().exactOptional(),
}) satisfies z.ZodType<OperatorAnswer>;

/** The answer may take as long as the function may run. */
const PATIENT = { requestHandler: { connectionTimeout: 3000 } };

/**
 * Invokes the remediation function for an operator, through the alias that only the master account may invoke.
 * The operator never holds credentials that can write in a member account.
 * @throws when the function itself fails; a refusal is an answer
 */
export const askOperator = async (
  operator: Operator,
  { action, id, shown, reason }: Action,
): Promise<OperatorAnswer> => {
  const lambda = new LambdaClient({ ...operator, ...PATIENT });
  const request: OperatorRequest = defined({
    action,
    id,
    proof: await signIdentityProof({ ...operator, subject: proofSubject(action, id, shown) }),
    executionId: `operator-${randomUUID()}`,
    shown,
    reason,
  });
  const invocation = new InvokeCommand({
    FunctionName: FUNCTIONS.remediation,
    Qualifier: OPERATOR_ALIAS,
    Payload: Buffer.from(JSON.stringify(request)),
  });
  const { FunctionError, Payload } = await readInMaster(operator, () => lambda.send(invocation));
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined)
    throw new Error(`${FUNCTIONS.remediation} failed to ${action} ${id}: ${text}`);
  return parseAnswer(text);
};

/** Parses the function's response. @throws when it is not an operator's answer */
export const parseAnswer = (text: string): OperatorAnswer => {
  const answer = Answer.safeParse(JSON.parse(text));
  if (answer.success) return answer.data;
  throw new Error(
    `Unexpected answer of ${FUNCTIONS.remediation}: ${explainIssues(answer.error)}. Use the CLI of the deployed release, or run make deploy-app.`,
    { cause: answer.error },
  );
};
