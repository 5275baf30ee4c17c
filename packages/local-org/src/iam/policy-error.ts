import { AwsError } from '../protocol/aws-error.ts';

/** A policy says something that the local organization cannot judge. It refuses then: what is not understood is not allowed. */
export class PolicyError extends AwsError {
  override readonly name = 'PolicyError';
  constructor(what: string, options?: ErrorOptions) {
    const message = `the local organization does not know ${what}: add it to its policy evaluator`;
    super('AccessDenied', message, 403, options);
  }
}
