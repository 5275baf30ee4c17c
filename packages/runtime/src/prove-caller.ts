import { verifyIdentityProof, type Caller } from '@compliance/core';

/** Asks STS who made a request, at the addresses where STS is: the Region's own, or the local organization's. */
export const proveCaller = (env: NodeJS.ProcessEnv, region: string) => {
  const local = env['AWS_ENDPOINT_URL'];
  const stsOrigins = local === undefined ? regional(region) : [new URL(local).origin];
  return (proof: string, subject: string): Promise<Caller> =>
    verifyIdentityProof(proof, subject, { stsOrigins });
};

const regional = (region: string) => {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return [`https://sts.${region}.${suffix}`];
};
