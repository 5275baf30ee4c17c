import { describe, expect, test } from 'vitest';

import {
  errorCode,
  explain,
  failureKind,
  hasCode,
  isThrottled,
  permanent,
  transient,
} from '../../src/base/errors.ts';
import { awsError } from '../../src/testing/fake-session.ts';

const networkError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('failureKind', () => {
  test.each([
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
    'TransactionInProgressException',
  ])('%s is transient with any status, such as 400', (code) => {
    expect(failureKind(awsError(code, 'x', 400))).toBe('transient');
    expect(isThrottled(code)).toBe(true);
  });

  test.each([
    ['IAM', 'ConcurrentModificationException', 409],
    ['IAM', 'EntityTemporarilyUnmodifiableException', 409],
    ['Organizations', 'ConcurrentModificationException', 400],
    ['Organizations', 'FinalizingOrganizationException', 400],
    ['CloudTrail', 'ConcurrentModificationException', 400],
    ['EventBridge', 'ConcurrentModificationException', 400],
    ['S3', 'OperationAborted', 409],
    ['S3', 'ConditionalRequestConflict', 409],
    ['CloudWatch Logs', 'OperationAbortedException', 400],
    ['EC2', 'ConcurrentTagAccess', 400],
    ['SNS', 'ConcurrentAccessException', 400],
    ['SNS', 'KMSThrottlingException', 400],
  ])('the conflict of %s, %s with status %i, is transient', (_, code, status) => {
    expect(failureKind(awsError(code, 'x', status))).toBe('transient');
  });

  test.each([
    ['ConflictException', 409],
    ['ResourceConflictException', 409],
    ['ResourceInUseException', 400],
    ['ResourceInUse', 409],
    ['InvalidDBInstanceState', 400],
    ['DeleteConflictException', 409],
  ])('%s with status %i is permanent, because some services use it for what stays', (code, status) => {
    expect(failureKind(awsError(code, 'x', status))).toBe('permanent');
  });

  test.each<[string, unknown]>([
    ['throttling', awsError('ThrottlingException', 'Rate exceeded')],
    ['a TooManyRequestsException', awsError('TooManyRequestsException')],
    ['a slow-down', awsError('SlowDown', 'Reduce your rate', 503)],
    ['an internal failure', awsError('InternalFailure', 'x', 500)],
    ['an unavailable service', awsError('ServiceUnavailable', 'x', 503)],
    ['a time-out', awsError('TimeoutError')],
    ['a stale credential', awsError('ExpiredToken', 'x', 403)],
    ['a connection reset', networkError('ECONNRESET')],
    ['a refused connection', networkError('ECONNREFUSED')],
    ['an unknown host', networkError('ENOTFOUND')],
    ['an aborted connection', networkError('ECONNABORTED')],
    ['an answer that ends early', networkError('ERR_STREAM_PREMATURE_CLOSE')],
    ['an aborted connection as the cause', new Error('x', { cause: networkError('ECONNABORTED') })],
    ['our own transient error', transient('lease-held', 'x')],
  ])('%s is transient', (_, error) => {
    expect(failureKind(error)).toBe('transient');
  });

  test.each<[string, unknown]>([
    ['a denial', awsError('AccessDenied', 'x', 403)],
    ['an unknown resource', awsError('NoSuchBucket', 'x', 404)],
    ['an invalid token', awsError('InvalidResultTokenException')],
    ['a bug', new TypeError('x is undefined')],
    ['a text that is thrown', 'oops'],
    ['undefined', undefined],
    ['our own permanent error', permanent('unknown-command', 'x')],
    [
      'our own permanent error with a transient cause',
      permanent('role-not-assumed', 'x', awsError('SlowDown', 'x', 503)),
    ],
  ])('%s is permanent', (_, error) => {
    expect(failureKind(error)).toBe('permanent');
  });
});

test('the code of an error is AWS’s or our own', () => {
  expect(errorCode(awsError('NoSuchBucket'))).toBe('NoSuchBucket');
  expect(errorCode(permanent('unknown-command', 'x'))).toBe('unknown-command');
  expect(errorCode('oops')).toBe('UnknownError');
  expect(hasCode(awsError('NoSuchBucket'), 'NoSuchKey', 'NoSuchBucket')).toBe(true);
  expect(hasCode(awsError('NoSuchBucket'), 'NoSuchKey')).toBe(false);
});

test.each<[unknown, string]>([
  [awsError('AccessDenied', 'not you'), 'AccessDenied: not you'],
  [new Error('plain'), 'plain'],
  [permanent('refused', 'Ours.'), 'Ours.'],
  [permanent('refused', 'Ours.', awsError('AccessDenied', 'not you')), 'Ours. (AccessDenied: not you)'],
  [permanent('refused', 'Ours: not you', new Error('not you')), 'Ours: not you'],
  [transient('refused', 'A.', permanent('not-begun', 'B.', new Error('C'))), 'A. (B. (C))'],
  ['text', 'text'],
])('%o is explained as %s', (error, line) => {
  expect(explain(error)).toBe(line);
});

test('a failure keeps its cause', () => {
  const cause = awsError('AccessDenied');
  expect(permanent('refused', 'y', cause)).toMatchObject({
    name: 'ComplianceError',
    kind: 'permanent',
    code: 'refused',
    cause,
  });
  expect(permanent('refused', 'y')).not.toHaveProperty('cause');
});
