import {
  createRemediate,
  OPERATOR_ALIAS,
  RECOVERY_ALIAS,
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
 * Routes an invocation to remediation, or through an alias to an operator's action or to recovery.
 * The unqualified function takes a resource and does what the settings say. The alias `operator` takes a person's
 * decision, and verifies with STS who that person is. The alias `recovery` takes a sweep's request to finish what runs
 * left behind.
 */
export const createHandler = (dependencies: OperateDependencies) => {
  const remediate = createRemediate(dependencies);
  return async (
    input: unknown,
    invocation: Invocation,
  ): Promise<DoorAnswer | OperatorAnswer | { readonly finished: number }> => {
    const invoked = { requestId: invocation.awsRequestId, endsAt: endOf(invocation, dependencies.now()) };
    const qualifier = qualifierOf(invocation.invokedFunctionArn);
    // Both are loaded on demand: a person's decision and an interrupted run are rare.
    if (qualifier === OPERATOR_ALIAS) {
      const { createOperate } = await import('@compliance/core/operate');
      return createOperate({ ...dependencies, ...invoked })(input);
    }
    if (qualifier === RECOVERY_ALIAS) {
      const { createRecover } = await import('@compliance/core/recover');
      return createRecover({ ...dependencies, ...invoked })(input);
    }
    const { status } = await remediate(input, invoked);
    return { status };
  };
};

/** No plan and no reason: any principal of the organization may ask about any account. The audit log has them. */
type DoorAnswer = Pick<RemediationAnswer, 'status'>;

// With a margin of 5 s for clock skew.
const endOf = (invocation: Invocation, now: Date) =>
  new Date(now.getTime() + invocation.getRemainingTimeInMillis() + 5_000);

// arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]
const qualifierOf = (functionArn: string) => functionArn.split(':')[7];
