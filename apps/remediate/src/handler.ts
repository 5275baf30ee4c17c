import {
  createRemediate,
  OPERATOR_ALIAS,
  type OperateDependencies,
  type OperatorAnswer,
  type RemediationAnswer,
} from '@compliance/core';

interface Invocation {
  /** Ends with the alias, when one was invoked. */
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

/**
 * Routes an invocation to remediation, or through the alias to an operator's action.
 * The unqualified function takes a resource and does what the settings say. The alias `operator` takes a person's
 * decision, and verifies with STS who that person is.
 */
export const createHandler = (dependencies: OperateDependencies) => {
  const remediate = createRemediate(dependencies);
  return async (input: unknown, invocation: Invocation): Promise<DoorAnswer | OperatorAnswer> => {
    const invoked = { requestId: invocation.awsRequestId, endsAt: endOf(invocation, dependencies.now()) };
    if (qualifierOf(invocation.invokedFunctionArn) !== OPERATOR_ALIAS) {
      const { status } = await remediate(input, invoked);
      return { status };
    }
    // Loaded only for a person's decision, which is rare.
    const { createOperate } = await import('@compliance/core/operate');
    return createOperate({ ...dependencies, ...invoked })(input);
  };
};

/** No plan and no reason: any principal of the organization may ask about any account. The audit log has them. */
type DoorAnswer = Pick<RemediationAnswer, 'status'>;

// With a margin of 5 s for clock skew.
const endOf = (invocation: Invocation, now: Date) =>
  new Date(now.getTime() + invocation.getRemainingTimeInMillis() + 5_000);

// arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]
const qualifierOf = (functionArn: string) => functionArn.split(':')[7];
