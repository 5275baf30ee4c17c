import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { awsError } from './aws-error.ts';
import type { RawRequest } from './call.ts';

/** The unverified credential scope of a SigV4 signature. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken: string | undefined;
}

/**
 * Reads the credential scope of a request.
 * @throws {AwsError} MissingAuthenticationToken for a request that is not signed.
 */
export const scopeOf = (request: RawRequest): CredentialScope => {
  const { credential, sessionToken } = signatureOf(request);
  const [accessKeyId = '', , region = '', service = ''] = credential.split('/');
  return { accessKeyId, region, service, sessionToken };
};

interface Signature {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly date: string;
  readonly sessionToken: string | undefined;
  readonly presigned: boolean;
}

const signatureOf = ({ headers, query }: RawRequest): Signature => {
  const presigned = query.has('X-Amz-Credential');
  const header = headers['authorization'] ?? '';
  const part = (name: string): string =>
    (presigned ? query.get(`X-Amz-${name}`) : new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1]) ?? '';
  const [credential, signedHeaders, signature] = [
    part('Credential'),
    part('SignedHeaders'),
    part('Signature'),
  ];
  if (credential === '')
    throw awsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  const date = presigned ? query.get('X-Amz-Date') : headers['x-amz-date'];
  const sessionToken =
    (presigned ? query.get('X-Amz-Security-Token') : headers['x-amz-security-token']) ?? undefined;
  return { credential, signedHeaders, signature, date: date ?? '', sessionToken, presigned };
};

/**
 * Verifies that the holder of the secret key signed exactly this request.
 * A presigned GetCallerIdentity is a proof of identity only if its signed headers cannot be replaced.
 * Does not fit S3, whose canonical path and payload differ.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @throws {AwsError} SignatureDoesNotMatch; ExpiredToken for an expired presigned request.
 */
export const assertSignature = (request: RawRequest, secretAccessKey: string, now: Date): void => {
  const { credential, signedHeaders, signature, date, presigned } = signatureOf(request);
  if (presigned && expiryOf(date, request.query.get('X-Amz-Expires')) < now.getTime()) {
    throw awsError('ExpiredToken', 'The presigned request has expired', 403);
  }
  const query = [...request.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted();
  const names = signedHeaders.split(';');
  const canonical = [
    request.method,
    request.path.split('/').map(encode).join('/'),
    query.join('&'),
    ...names.map((name) => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}`),
    '',
    signedHeaders,
    sha256(request.body),
  ].join('\n');
  const [, ...scope] = credential.split('/');
  const key = scope.reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  const expected = hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n'));
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw awsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
      403,
    );
  }
};

const expiryOf = (date: string, expiresSeconds: string | null): number => {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso) + Number(expiresSeconds ?? 0) * 1000;
};

const encode = (value: string): string =>
  encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const hmac = (key: Buffer, value: string): Buffer => createHmac('sha256', key).update(value).digest();
const sha256 = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');
