/** An AWS error response. A handler throws it; the gateway encodes it in the protocol of the service. */
export class AwsError extends Error {
  override readonly name: string = 'AwsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}

export const awsError = (code: string, message: string, status = 400): AwsError =>
  new AwsError(code, message, status);
