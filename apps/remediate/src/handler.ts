import {
  createOperate,
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
}

/**
 * Two doors: the unqualified function takes only where to look, and does what the settings say; the alias
 * `operator` takes what a person decided, and asks STS who that is.
 */
export const createHandler = (dependencies: OperateDependencies) => {
  const remediate = createRemediate(dependencies);
  const operate = createOperate(dependencies);
  return (input: unknown, { invokedFunctionArn }: Invocation): Promise<RemediationAnswer | OperatorAnswer> =>
    qualifierOf(invokedFunctionArn) === OPERATOR_ALIAS ? operate(input) : remediate(input);
};

// arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]
const qualifierOf = (functionArn: string) => functionArn.split(':')[7];
