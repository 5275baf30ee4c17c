import { awsError, type AwsError } from './aws-error.ts';
import type { Call } from './call.ts';

type ServiceProtocol = Pick<Call, 'service' | 'protocol'>;

/** An access-denied error with the code of the service. */
export const accessDenied = (call: ServiceProtocol, message: string): AwsError => {
  if (call.protocol === 'ec2') return awsError('UnauthorizedOperation', message, 403);
  if (call.service === 'sns') return awsError('AuthorizationError', message, 403);
  if (call.protocol === 'json') return awsError('AccessDeniedException', message, 400);
  return awsError(call.protocol === 'rest-json' ? 'AccessDeniedException' : 'AccessDenied', message, 403);
};

/** A throttling error with the code of the service; every SDK retries it. */
export const throttled = (call: ServiceProtocol): AwsError => {
  const message = 'Rate exceeded';
  if (call.protocol === 'ec2') return awsError('RequestLimitExceeded', message, 503);
  if (call.protocol === 'rest-xml') return awsError('SlowDown', 'Please reduce your request rate.', 503);
  if (call.service === 'sns') return awsError('Throttled', message, 429);
  if (call.protocol === 'query') return awsError('Throttling', message, 400);
  if (call.protocol === 'rest-json') return awsError('TooManyRequestsException', message, 429);
  return awsError('ThrottlingException', message, 400);
};
