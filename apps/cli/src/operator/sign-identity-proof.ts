import { PROOF_HEADER, defined, stsOrigin } from '@compliance/core';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

/** Covers a cold start of the function; too short for anyone else to find and use the proof. */
const VALID_SECONDS = 60;

export interface ProofOptions {
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  readonly region: string;
  /** The action and id that the proof authorizes, from `proofSubject`. */
  readonly subject: string;
  /** Replaces the Region's STS endpoint. */
  readonly endpoint?: string;
}

/**
 * Presigns `sts:GetCallerIdentity` as proof of the operator's identity. Its only use is to learn who signed it, and the
 * signed header ties it to one action.
 */
export const signIdentityProof = async ({
  credentials,
  region,
  subject,
  endpoint,
}: ProofOptions): Promise<string> => {
  const { protocol, hostname, host, port, origin } = new URL(endpoint ?? stsOrigin(region));
  const signer = new SignatureV4({ credentials, region, service: 'sts', sha256: Hash.bind(null, 'sha256') });
  const signed = await signer.presign(
    new HttpRequest(
      defined({
        method: 'GET',
        protocol,
        hostname,
        port: port === '' ? undefined : Number(port),
        path: '/',
        query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        headers: { host, [PROOF_HEADER]: subject },
      }),
    ),
    { expiresIn: VALID_SECONDS, unhoistableHeaders: new Set([PROOF_HEADER]) },
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(signed.query ?? {})) query.append(name, String(value));
  return `${origin}/?${query.toString().replaceAll('+', '%20')}`;
};
