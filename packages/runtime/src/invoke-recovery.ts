import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { RECOVERY_ALIAS, REMEDIATION_FUNCTION, type RecoveryRequest, type Session } from '@compliance/core';

export const invokeRecovery = async (own: Session, request: RecoveryRequest): Promise<void> => {
  await own.client(LambdaClient).send(
    new InvokeCommand({
      FunctionName: REMEDIATION_FUNCTION,
      Qualifier: RECOVERY_ALIAS,
      InvocationType: 'Event',
      Payload: JSON.stringify(request),
    }),
  );
};
