import { didYouMean } from '../base/did-you-mean.ts';
import { knownRegions } from '../base/region.ts';

export interface Attempt {
  /** The address that replaces AWS's, if there is one. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** The profile of the AWS CLI's files, if one is chosen. */
  readonly profile?: string | undefined;
}

/**
 * Why AWS could not be asked at all, and what to do; `undefined` for an answer of AWS to the request itself.
 * There are no credentials, they have expired or are unknown, there is no such Region, or nothing answers as AWS does.
 */
export const accessFailure = (error: unknown, attempt: Attempt = {}): string | undefined => {
  for (const cause of causesOf(error)) {
    const credentials = credentialFailure(cause, attempt);
    if (credentials !== undefined) return credentials;
    if (cause.code === 'ERR_INVALID_URL' && attempt.endpoint !== undefined)
      return `AWS_ENDPOINT_URL is no address: '${attempt.endpoint}'. Write one such as http://127.0.0.1:5000, or unset it.`;
    const fault = networkFault(cause);
    if (fault !== undefined) return noAnswer(fault, attempt);
  }
  return undefined;
};

type Cause = Error & {
  readonly code?: unknown;
  readonly hostname?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
  /** Of the answer, where the SDK made the error from one. */
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
};

const causesOf = (error: unknown): readonly Cause[] => {
  if (!(error instanceof Error)) return [];
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[...inner, error.cause].flatMap(causesOf)];
};

const credentialFailure = ({ name, message }: Cause, { profile }: Attempt): string | undefined => {
  if (SKEWED.has(name) || /\bSignature (?:expired|not yet current)\b/i.test(message))
    return "This machine's clock differs from AWS's by more than it allows, such as 5 minutes. Set the clock, for example with timedatectl set-ntp true.";
  if (EXPIRED.has(name) || (LOCAL.has(name) && /expired|refresh/i.test(message)))
    return 'The AWS credentials have expired. Log in again, such as with aws sso login, or get new ones.';
  if (LOCAL.has(name))
    return profile === undefined
      ? 'No AWS credentials found. Set AWS_PROFILE or AWS_ACCESS_KEY_ID, or log in, such as with aws sso login.'
      : `No AWS credentials found for profile ${profile}. Check its name (aws configure list-profiles), or log in (aws sso login --profile ${profile}).`;
  if (UNKNOWN.has(name))
    return `AWS does not know the credentials (${name}). Check the profile or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN: all must be of one login and of the Region's partition, and the account must have the Region enabled.`;
  return undefined;
};

/** Errors of the SDK before it sends anything. */
const LOCAL: ReadonlySet<string> = new Set(['CredentialsProviderError', 'TokenProviderError']);
const EXPIRED: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
/** AWS compares the time of the signature; other services say so in the message of a signature's error. */
const SKEWED: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestInTheFuture']);
const UNKNOWN: ReadonlySet<string> = new Set([
  'AuthFailure',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

interface Fault {
  readonly what: string;
  readonly host?: string | undefined;
}

const networkFault = (cause: Cause): Fault | undefined => {
  const { name, code, message, hostname, address, port } = cause;
  const host = typeof hostname === 'string' ? hostname : addressOf({ address, port });
  // The SDK adds how to debug it to what its parser says.
  if (/deserialization error/i.test(message) || isUnlikeAws(cause))
    return { what: 'something other than AWS answers' };
  const what = FAULTS[String(code)] ?? (name === 'TimeoutError' ? FAULTS['ETIMEDOUT'] : undefined);
  return what === undefined ? undefined : { what, host };
};

// AWS explains its errors, and its answers have the id of the request.
const isUnlikeAws = ({ message, $metadata }: Cause): boolean =>
  /^Unknown(Error)?$/.test(message) &&
  $metadata?.httpStatusCode !== undefined &&
  $metadata.requestId === undefined;

const addressOf = ({ address, port }: Pick<Cause, 'address' | 'port'>): string | undefined =>
  typeof address === 'string' ? `${address}:${String(port)}` : undefined;

const FAULTS: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection is cut',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
  ENOTFOUND: 'no host has this name',
  EPIPE: 'the connection is cut',
  ERR_PROXY_TUNNEL: 'the proxy (HTTPS_PROXY) does not let the connection through',
  ETIMEDOUT: 'nothing answers in time',
};

const noAnswer = ({ what, host }: Fault, { endpoint, region }: Attempt): string => {
  if (endpoint !== undefined)
    return `No AWS at ${endpoint}: ${what}. AWS_ENDPOINT_URL sets this address: start what should answer there, or unset it.`;
  const regionInHost = region ?? /^[a-z0-9-]+\.([a-z0-9-]+)\./.exec(host ?? '')?.[1];
  if (regionInHost !== undefined && !knownRegions().includes(regionInHost) && /-\d+$/.test(regionInHost))
    return `No AWS in the Region ${regionInHost}: ${what}. There may be no such Region${didYouMean(regionInHost, knownRegions()) || '.'}`;
  return `No connection to AWS${host === undefined ? '' : ` (${host})`}: ${what}. Check the network, and the proxy or VPN if there is one.`;
};
