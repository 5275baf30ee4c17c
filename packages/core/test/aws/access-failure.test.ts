import { expect, test } from 'vitest';

import { accessFailure, type Attempt } from '../../src/aws/access-failure.ts';

const failed = (name: string, message = '', members: object = {}) =>
  Object.assign(new Error(message), { name, ...members });

test.each<[string, Error, Attempt, RegExp]>([
  [
    'no credentials',
    failed('CredentialsProviderError', 'Could not load credentials from any providers'),
    {},
    /^No AWS credentials found\. Set AWS_PROFILE or AWS_ACCESS_KEY_ID, or log in/,
  ],
  [
    'a profile that does not exist',
    failed('CredentialsProviderError', 'Could not resolve credentials using profile: [nope].'),
    { profile: 'nope' },
    /^No AWS credentials found for profile nope\. Check its name \(aws configure list-profiles\), or log in/,
  ],
  [
    'expired keys',
    failed('ExpiredToken', 'The token is expired'),
    {},
    /^The AWS credentials have expired\. Log in again/,
  ],
  [
    'an expired login',
    failed('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
    {},
    /^The AWS credentials have expired\./,
  ],
  [
    'keys that AWS does not know',
    failed('InvalidClientTokenId', 'The security token included in the request is invalid.'),
    {},
    /^AWS does not know the credentials \(InvalidClientTokenId\)\. Check the profile/,
  ],
  [
    'a clock that S3 refuses',
    failed(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    ),
    {},
    /^This machine's clock differs from AWS's .* Set the clock/,
  ],
  [
    'a clock that is late for the other services',
    failed(
      'SignatureDoesNotMatch',
      'Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z',
    ),
    {},
    /^This machine's clock differs from AWS's/,
  ],
  [
    'a clock that is early',
    failed(
      'InvalidSignatureException',
      'Signature not yet current: 20260101T020000Z is still later than 20260101T010500Z',
    ),
    {},
    /^This machine's clock differs from AWS's/,
  ],
  [
    'a secret key that is not that of the key id',
    failed(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    ),
    {},
    /^AWS does not know the credentials \(InvalidSignatureException\)/,
  ],
  [
    'a refused connection',
    failed('Error', '', { code: 'ECONNREFUSED', address: '127.0.0.1', port: 1 }),
    { endpoint: 'http://127.0.0.1:1' },
    /^No AWS at http:\/\/127\.0\.0\.1:1: the connection is refused\. AWS_ENDPOINT_URL sets this address/,
  ],
  [
    'an endpoint that is no URL',
    failed('TypeError', 'Invalid URL', { code: 'ERR_INVALID_URL' }),
    { endpoint: 'nonsense' },
    /^AWS_ENDPOINT_URL is no address: 'nonsense'\. Write one such as/,
  ],
  [
    'a black-holed address',
    failed('TimeoutError', 'the request socket did not establish a connection'),
    { endpoint: 'http://10.255.255.1' },
    /^No AWS at http:\/\/10\.255\.255\.1: nothing answers in time\./,
  ],
  [
    'no network',
    failed('Error', '', { code: 'EAI_AGAIN', hostname: 'sts.eu-west-1.amazonaws.com' }),
    {},
    /^No connection to AWS \(sts\.eu-west-1\.amazonaws\.com\): its name cannot be looked up\. Check the network/,
  ],
  [
    'a Region that does not exist',
    failed('Error', '', { code: 'ENOTFOUND', hostname: 'sts.eu-west-9.amazonaws.com' }),
    {},
    /^No AWS in the Region eu-west-9: no host has this name\. There may be no such Region - did you mean 'eu-west-\d'\?/,
  ],
  [
    'a proxy that answers instead of AWS',
    failed(
      'SyntaxError',
      "Unexpected token '<'\n  Deserialization error: to see the raw response, inspect the hidden field {error}.$response on this object.",
    ),
    { region: 'eu-west-1' },
    /^No connection to AWS: something other than AWS answers\. Check the network, and the proxy/,
  ],
  [
    'a server of another kind',
    failed('NotFound', 'Unknown', { $metadata: { httpStatusCode: 404 } }),
    { endpoint: 'http://10.255.255.1' },
    /^No AWS at http:\/\/10\.255\.255\.1: something other than AWS answers\./,
  ],
])('%s is said, with what to do', (_, error, attempt, message) => {
  expect(accessFailure(error, attempt)).toMatch(message);
  expect(accessFailure(new Error('wrapped', { cause: error }), attempt)).toMatch(message);
  expect(accessFailure(new AggregateError([error]), attempt)).toMatch(message);
});

test.each([
  failed('AccessDenied'),
  failed('NotFound', 'Unknown', { $metadata: { httpStatusCode: 404, requestId: 'r' } }),
  failed('NoSuchBucket'),
  new Error('other'),
  'text',
  undefined,
])('an answer of AWS, such as %s, is no failure of the access', (error) => {
  expect(accessFailure(error)).toBeUndefined();
});
