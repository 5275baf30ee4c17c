import { AwsError } from '../protocol/aws-error.ts';

/** A policy uses something that the evaluator does not support. The call is denied then, never allowed. */
export class PolicyError extends AwsError {
  override readonly name = 'PolicyError';
  constructor(unsupported: string, options?: ErrorOptions) {
    const message = `Not supported by the local organization: ${unsupported}. Add it to iam/policy.ts or iam/condition.ts.`;
    super('AccessDenied', message, 403, options);
  }
}
