import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { explain, isThrottled, permanent, transient } from '../base/errors.ts';

/** The signed header that holds a proof's subject, so that it proves nothing else. */
export const PROOF_HEADER = 'x-compliance-request';

/** The subject of a proof: one action on one plan or change and, for an approval, the digest of what was shown. */
export const proofSubject = (action: string, id: string, shown?: string): string =>
  [action, id, ...(shown === undefined ? [] : [shown])].join(':');

export interface Caller {
  readonly arn: string;
  readonly accountId: AccountId;
  /** The signature of the proof; no other proof has the same. */
  readonly signature: string;
}

export interface ProofOptions {
  /** The addresses of STS that are accepted: `https://sts.eu-west-1.amazonaws.com`. */
  readonly stsOrigins: readonly string[];
  readonly fetch?: typeof globalThis.fetch;
  readonly now: () => Date;
}

/**
 * Verifies a presigned `sts:GetCallerIdentity` request and returns its caller.
 * STS itself names the caller. The request has its subject in a signed header, so an intercepted proof approves nothing
 * else.
 * @throws {ComplianceError} permanent `not-proven`, transient `sts-unreachable`
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const verifyIdentityProof = async (
  proof: string,
  subject: string,
  { stsOrigins, fetch = globalThis.fetch, now }: ProofOptions,
): Promise<Caller> => {
  const url = parseStsRequest(proof, stsOrigins);
  assertRecent(url, now());
  const { status, body: answer } = await callSts(url, subject, fetch);
  const body = withoutProof(answer, url);
  if (isBusy(status, body))
    throw transient(
      'sts-unreachable',
      `Identity proof not verified: STS answered ${status}: ${shorten(body)} Try again.`,
    );
  if (status !== 200)
    throw permanent('not-proven', `Invalid identity proof: STS refused it (${status}): ${shorten(body)}`);
  return { ...parseCaller(body), signature: url.searchParams.get('X-Amz-Signature') ?? '' };
};

const callSts = async (url: URL, subject: string, fetch: typeof globalThis.fetch) => {
  try {
    const response = await fetch(url, {
      headers: { [PROOF_HEADER]: subject, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    throw transient(
      'sts-unreachable',
      // Without the cause, which may name the address and thus the proof.
      `Identity proof not verified: STS cannot be reached: ${withoutProof(explain(error), url)}`,
    );
  }
};

// STS reports throttling with 400 and an error code.
const isBusy = (status: number, body: string) =>
  status >= 500 || status === 429 || status === 408 || isThrottled(errorCodeIn(body));

const StsError = z.object({ Error: z.object({ Code: z.string() }) });

const errorCodeIn = (body: string): string => {
  const parsed = StsError.safeParse(parseJson(body));
  return parsed.success ? parsed.data.Error.Code : (/<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? '');
};

/** STS itself accepts a signature for 15 minutes, whatever its expiry says. */
const MAX_AGE_MINUTES = 5;

const assertRecent = (url: URL, now: Date): void => {
  const madeAt = signingDateOf(url);
  if (madeAt && Math.abs(now.getTime() - madeAt.getTime()) <= MAX_AGE_MINUTES * 60_000) return;
  const signed = madeAt?.toISOString() ?? 'an unknown time';
  throw permanent(
    'not-proven',
    `Invalid identity proof: signed at ${signed}, checked at ${now.toISOString()}. It is valid for ${MAX_AGE_MINUTES} minutes. Set your clock and make a new one.`,
  );
};

const signingDateOf = (url: URL): Date | undefined => {
  const [, date, time] = /^(\d{8})T(\d{6})Z$/.exec(url.searchParams.get('X-Amz-Date') ?? '') ?? [];
  if (date === undefined || time === undefined) return undefined;
  const iso = `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`;
  const parsed = new Date(iso);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
};

const parseStsRequest = (proof: string, origins: readonly string[]): URL => {
  const url = URL.parse(proof);
  if (!url || !origins.includes(url.origin))
    throw permanent(
      'not-proven',
      `Invalid identity proof: not a request to STS (allowed: ${origins.join(', ')}).`,
    );
  if (url.searchParams.get('Action') !== 'GetCallerIdentity' || url.pathname !== '/')
    throw permanent('not-proven', 'Invalid identity proof: not a GetCallerIdentity request.');
  assertSignedOnce(url);
  const signed = url.searchParams.get('X-Amz-SignedHeaders')?.split(';') ?? [];
  if (!signed.includes(PROOF_HEADER))
    throw permanent(
      'not-proven',
      `Invalid identity proof: the header ${PROOF_HEADER} is not signed, so the proof could be for anything.`,
    );
  return url;
};

/**
 * One signature of the one algorithm, and each parameter once: of two values, STS and this function could read another
 * one each.
 */
const assertSignedOnce = ({ searchParams }: URL): void => {
  const names = [...searchParams.keys()].map((name) => name.toLowerCase());
  const isRepeated = new Set(names).size < names.length;
  const signature = searchParams.get('X-Amz-Signature') ?? '';
  const algorithm = searchParams.get('X-Amz-Algorithm');
  if (isRepeated || algorithm !== ALGORITHM || !/^[0-9a-f]{64}$/.test(signature))
    throw permanent(
      'not-proven',
      `Invalid identity proof: it needs exactly one signature, of ${ALGORITHM}, and each parameter once.`,
    );
};

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** A text of STS or of the network, without any part of the proof: within its minutes, a reader could use it. */
const withoutProof = (text: string, { searchParams }: URL): string =>
  [...searchParams]
    .filter(([name, value]) => name.startsWith('X-Amz-') && value.length >= 16 && value !== ALGORITHM)
    .flatMap(([, value]) => [value, encodeURIComponent(value)])
    .reduce((rest, part) => rest.replaceAll(part, '…'), text);

const Identity = z.object({
  GetCallerIdentityResponse: z.object({
    GetCallerIdentityResult: z.object({ Arn: z.string(), Account: AccountId }),
  }),
});

// STS answers JSON on request; an endpoint that cannot answers XML.
const parseCaller = (body: string): Omit<Caller, 'signature'> => {
  const identity = Identity.safeParse(parseJson(body));
  if (identity.success) {
    const { Arn, Account } = identity.data.GetCallerIdentityResponse.GetCallerIdentityResult;
    return { arn: Arn, accountId: Account };
  }
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(body)?.[1];
  const account = AccountId.safeParse(/<Account>([^<]+)<\/Account>/.exec(body)?.[1]);
  if (arn === undefined || !account.success)
    throw permanent(
      'not-proven',
      `Invalid identity proof: the answer of STS names no caller: ${shorten(body)}`,
    );
  return { arn, accountId: account.data };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const shorten = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 200);
