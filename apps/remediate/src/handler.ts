import {
  createRemediate,
  type OperateDependencies,
  type OperatorAnswer,
  type RemediationAnswer,
} from '@compliance/core';

/** The alias that only identities of the master account may invoke. */
export const OPERATOR_ALIAS = 'operator';

interface Invocation {
  /** Ends with the alias, when one was invoked. */
  readonly invokedFunctionArn: string;
  readonly getRemainingTimeInMillis: () => number;
}

/**
 * Two doors: the unqualified function takes only where to look, and does what the settings say; the alias
 * `operator` takes what a person decided, and asks STS who that is.
 */
export const createHandler =
  (dependencies: OperateDependencies) =>
  async (input: unknown, invocation: Invocation): Promise<RemediationAnswer | OperatorAnswer> => {
    const invoked = { ...dependencies, endsAt: endOf(invocation, dependencies.now()) };
    if (qualifierOf(invocation.invokedFunctionArn) !== OPERATOR_ALIAS) return createRemediate(invoked)(input);
    // Loaded by the few decisions of people, not by every fix.
    const { createOperate } = await import('@compliance/core/operate');
    return createOperate(invoked)(input);
  };

// Whoever goes by it later has another clock.
const endOf = (invocation: Invocation, now: Date) =>
  new Date(now.getTime() + invocation.getRemainingTimeInMillis() + 5_000);

// arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]
const qualifierOf = (functionArn: string) => functionArn.split(':')[7];
