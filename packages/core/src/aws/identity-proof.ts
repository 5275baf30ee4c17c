import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { explain, isThrottled, permanent, transient } from '../base/errors.ts';

/** The header in which a proof carries what it is for; signed, so that it proves nothing else. */
export const PROOF_HEADER = 'x-compliance-request';

/** What a proof is for: one action on one plan or change. */
export const proofSubject = (action: string, id: string): string => `${action}:${id}`;

export interface Caller {
  readonly arn: string;
  readonly accountId: AccountId;
  /** Of the proof: no other has the same. */
  readonly signature: string;
}

export interface ProofOptions {
  /** Addresses of STS that may be asked: `https://sts.eu-west-1.amazonaws.com`. */
  readonly stsOrigins: readonly string[];
  readonly fetch?: typeof globalThis.fetch;
  readonly now?: () => Date;
}

/**
 * Who made a presigned `sts:GetCallerIdentity` request: STS itself says so. The request carries the action and the
 * id in a signed header, so a proof that was overheard approves nothing else.
 * @throws {ComplianceError} permanent `not-proven`, transient `sts-unreachable`
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const verifyIdentityProof = async (
  proof: string,
  subject: string,
  { stsOrigins, fetch = globalThis.fetch, now = () => new Date() }: ProofOptions,
): Promise<Caller> => {
  const url = parseStsRequest(proof, stsOrigins);
  assertRecent(url, now());
  const { status, body } = await callSts(url, subject, fetch);
  if (isBusy(status, body))
    throw transient('sts-unreachable', `STS answered ${status}: ${shorten(body)} Try again.`);
  if (status !== 200)
    throw permanent('not-proven', `STS does not accept the proof (${status}): ${shorten(body)}`);
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
      `STS could not be asked who sent the request: ${explain(error)}`,
      error,
    );
  }
};

// STS says with 400 and a code that it is asked too often.
const isBusy = (status: number, body: string) =>
  status >= 500 || status === 429 || status === 408 || isThrottled(errorCodeIn(body));

const StsError = z.object({ Error: z.object({ Code: z.string() }) });

const errorCodeIn = (body: string): string => {
  const told = StsError.safeParse(parseJson(body));
  return told.success ? told.data.Error.Code : (/<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? '');
};

/** STS itself takes a signature for a quarter of an hour, whatever its expiry says. */
const MAX_MINUTES = 5;

const assertRecent = (url: URL, now: Date): void => {
  const madeAt = signingDateOf(url);
  if (madeAt && Math.abs(now.getTime() - madeAt.getTime()) <= MAX_MINUTES * 60_000) return;
  const clocks = `made at ${madeAt?.toISOString() ?? 'no time'} by the clock of who made it, and it is ${now.toISOString()} by ours`;
  throw permanent(
    'not-proven',
    `The proof was ${clocks}; it is good for ${MAX_MINUTES} minutes. Make another, with the clock set right.`,
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
    throw permanent('not-proven', `The proof is no request to STS (${origins.join(', ')}).`);
  if (url.searchParams.get('Action') !== 'GetCallerIdentity' || url.pathname !== '/')
    throw permanent('not-proven', 'The proof is no GetCallerIdentity request.');
  if (!url.searchParams.get('X-Amz-Signature')) throw permanent('not-proven', 'The proof has no signature.');
  const signed = url.searchParams.get('X-Amz-SignedHeaders')?.split(';') ?? [];
  if (!signed.includes(PROOF_HEADER))
    throw permanent(
      'not-proven',
      `The proof does not sign the header ${PROOF_HEADER}, so it could be for anything.`,
    );
  return url;
};

const Identity = z.object({
  GetCallerIdentityResponse: z.object({
    GetCallerIdentityResult: z.object({ Arn: z.string(), Account: AccountId }),
  }),
});

// STS answers JSON when asked for it, and XML where it does not know how.
const parseCaller = (body: string): Omit<Caller, 'signature'> => {
  const identity = Identity.safeParse(parseJson(body));
  if (identity.success) {
    const { Arn, Account } = identity.data.GetCallerIdentityResponse.GetCallerIdentityResult;
    return { arn: Arn, accountId: Account };
  }
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(body)?.[1];
  const account = AccountId.safeParse(/<Account>([^<]+)<\/Account>/.exec(body)?.[1]);
  if (arn === undefined || !account.success)
    throw permanent('not-proven', `STS gave an answer that names no caller: ${shorten(body)}`);
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
