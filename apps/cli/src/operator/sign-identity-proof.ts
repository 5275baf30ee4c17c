import { PROOF_HEADER } from '@compliance/core';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

/** Long enough for a slow start of the function; too short to be found and used by somebody else. */
const VALID_SECONDS = 60;

export interface ProofOptions {
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  readonly region: string;
  /** What the proof is for, as `proofSubject` says it. */
  readonly subject: string;
  /** Where STS is, when not where the Region says. */
  readonly endpoint?: string;
}

/**
 * A presigned `sts:GetCallerIdentity`: whoever sends it learns who signed it and nothing more, and the signed header
 * ties it to one decision.
 */
export const signIdentityProof = async ({
  credentials,
  region,
  subject,
  endpoint,
}: ProofOptions): Promise<string> => {
  const { protocol, hostname, host, port, origin } = new URL(
    endpoint ?? `https://sts.${region}.${suffixOf(region)}`,
  );
  const signer = new SignatureV4({ credentials, region, service: 'sts', sha256: Hash.bind(null, 'sha256') });
  const signed = await signer.presign(
    new HttpRequest({
      method: 'GET',
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host, [PROOF_HEADER]: subject },
    }),
    { expiresIn: VALID_SECONDS, unhoistableHeaders: new Set([PROOF_HEADER]) },
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(signed.query ?? {})) query.append(name, String(value));
  return `${origin}/?${query.toString().replaceAll('+', '%20')}`;
};

const suffixOf = (region: string) => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');
