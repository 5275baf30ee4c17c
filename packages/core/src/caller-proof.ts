import * as z from 'zod';

import { AccountId } from './account-id.ts';
import { explain, permanent, transient } from './errors.ts';

/** The header in which a proof carries what it is for; signed, so that it proves nothing else. */
export const PROOF_HEADER = 'x-compliance-request';

/** What a proof is for: one action on one plan or change. */
export const proofSubject = (action: string, id: string): string => `${action}:${id}`;

export interface Caller {
  readonly arn: string;
  readonly accountId: AccountId;
}

export interface ProofOptions {
  /** Addresses of STS that may be asked: `https://sts.eu-west-1.amazonaws.com`. */
  readonly stsOrigins: readonly string[];
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Who made a presigned `sts:GetCallerIdentity` request: STS itself says so. The request carries the action and the
 * id in a signed header, so a proof that was overheard approves nothing else.
 * @throws {ComplianceError} permanent `not-proven`, transient `sts-unreachable`
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const provenCaller = async (
  proof: string,
  subject: string,
  { stsOrigins, fetch = globalThis.fetch }: ProofOptions,
): Promise<Caller> => {
  const { status, body } = await askSts(requireStsRequest(proof, stsOrigins), subject, fetch);
  if (status >= 500) throw transient('sts-unreachable', `STS answered ${status}.`);
  if (status !== 200)
    throw permanent('not-proven', `STS does not accept the proof (${status}): ${shorten(body)}`);
  return callerIn(body);
};

const askSts = async (url: URL, subject: string, fetch: typeof globalThis.fetch) => {
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

const requireStsRequest = (proof: string, origins: readonly string[]): URL => {
  const url = URL.parse(proof);
  if (!url || !origins.includes(url.origin))
    throw permanent('not-proven', `The proof is no request to STS (${origins.join(', ')}).`);
  if (url.searchParams.get('Action') !== 'GetCallerIdentity' || url.pathname !== '/')
    throw permanent('not-proven', 'The proof is no GetCallerIdentity request.');
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
const callerIn = (body: string): Caller => {
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
