import {
  IAMClient,
  paginateListServerCertificates,
  type ServerCertificateMetadata,
} from '@aws-sdk/client-iam';
import {
  ACCOUNT_TYPE,
  defined,
  permanent,
  type Listed,
  type Resource,
  type Session,
} from '@compliance/core/rule';
import * as z from 'zod';

import { usesOf } from './uses.ts';

const SERVER_CERTIFICATE = 'AWS::IAM::ServerCertificate';

/** `null`: of the account itself, which has no certificate. */
export const Facts = z.object({ expires: z.iso.datetime().nullable() });
export type Facts = z.infer<typeof Facts>;

export const Handles = z.object({
  name: z.string(),
  /** CloudFront uses those under /cloudfront/ alone. */
  path: z.string(),
  /** The load balancers that use it, with their Regions. */
  usedBy: z.array(z.string()),
  /** Regions whose load balancers the role may not read. */
  unreadRegions: z.array(z.string()),
});
export type Handles = z.infer<typeof Handles>;

interface Context {
  readonly session: Session;
}

/** Lists the certificates; the account itself where there is none, so that it has a verdict too. */
export const listCertificates = async function* ({
  session,
}: Context): AsyncGenerator<Listed<Facts, Handles>> {
  let found = false;
  for await (const certificate of certificatesOf(session)) {
    found = true;
    yield {
      resource: {
        resourceType: SERVER_CERTIFICATE,
        resourceId: certificate.ServerCertificateId ?? '',
        ...identityOf(certificate),
      },
      facts: factsOf(certificate),
    };
  }
  if (!found)
    yield {
      resource: { resourceType: ACCOUNT_TYPE, resourceId: session.accountId },
      facts: { expires: null },
    };
};

/** One certificate with its uses. Only a fix needs them, and they take calls to every Region. */
export const getCertificate = async ({ resourceType, resourceId }: Resource, { session }: Context) => {
  for await (const certificate of certificatesOf(session)) {
    const { ServerCertificateId, ServerCertificateName: name = '', Path: path = '/', Arn = '' } = certificate;
    if (ServerCertificateId === resourceId)
      return {
        facts: factsOf(certificate),
        handles: { name, path, ...(await usesOf(Arn, session)) },
        identity: identityOf(certificate),
      };
    if (resourceType === ACCOUNT_TYPE) return undefined;
  }
  return resourceType === ACCOUNT_TYPE ? { facts: { expires: null }, handles: NO_CERTIFICATE } : undefined;
};

const NO_CERTIFICATE: Handles = { name: '', path: '', usedBy: [], unreadRegions: [] };

const certificatesOf = async function* (session: Session) {
  const client = session.client(IAMClient);
  for await (const page of paginateListServerCertificates({ client }, {}))
    yield* page.ServerCertificateMetadataList ?? [];
};

const factsOf = ({ Expiration, ServerCertificateName }: ServerCertificateMetadata) => {
  if (!Expiration)
    throw permanent(
      'incomplete-answer',
      `Incomplete answer of IAM: ${ServerCertificateName} has no expiration.`,
    );
  return { expires: Expiration.toISOString() };
};

const identityOf = ({ ServerCertificateName, Arn }: ServerCertificateMetadata) =>
  defined({ resourceName: ServerCertificateName, arn: Arn });
