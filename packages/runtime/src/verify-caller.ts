import { stsOrigin, systemClock, verifyIdentityProof, type Caller } from '@compliance/core';

/** Verifies identity proofs at the Region's STS, or at the STS of the local organization. */
export const callerVerifier = (env: NodeJS.ProcessEnv, region: string) => {
  const local = env['AWS_ENDPOINT_URL'];
  const stsOrigins = [local === undefined ? stsOrigin(region) : new URL(local).origin];
  return (proof: string, subject: string): Promise<Caller> =>
    verifyIdentityProof(proof, subject, { stsOrigins, now: systemClock.now });
};
