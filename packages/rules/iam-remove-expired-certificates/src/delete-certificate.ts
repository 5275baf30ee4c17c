import { DeleteServerCertificateCommand, IAMClient } from '@aws-sdk/client-iam';
import { call, change, shortened, type Fix } from '@compliance/core/rule';

import type { Handles } from './certificates.ts';

interface Expired extends Handles {
  readonly expires: string;
  readonly graceDays: number;
  readonly now: Date;
}

/** Deletes a certificate that is known to be unused; all others are left to a person. */
export const deleteCertificate = (certificate: Expired): Fix => {
  const { name } = certificate;
  const manual = whyNotNow(certificate);
  if (manual !== undefined) return { manual };
  return change({
    description: `Delete the expired certificate ${shortened(name)}, which no load balancer uses`,
    risk: 'irreversible',
    inCode: {
      terraform: 'aws_iam_server_certificate: remove it',
      cloudFormation: 'AWS::IAM::ServerCertificate: remove it',
    },
    steps: [
      call(
        IAMClient,
        DeleteServerCertificateCommand,
        { ServerCertificateName: name },
        {
          alreadyDone: ['NoSuchEntityException'],
          undo: { impossible: 'IAM gives nobody the private key, without which it takes no certificate.' },
        },
      ),
    ],
  });
};

const whyNotNow = (certificate: Expired): string | undefined => {
  const { name, path, usedBy, unreadRegions, expires, graceDays, now } = certificate;
  if (usedBy.length > 0)
    return `Replace the certificate ${name} on ${usedBy.join(', ')}, then delete it: a listener may stop when its certificate is gone.`;
  if (path.startsWith('/cloudfront/'))
    return `Delete the certificate ${name} if no CloudFront distribution uses it.`;
  if (unreadRegions.length > 0)
    return `Delete the certificate ${name} if no load balancer uses it in ${unreadRegions.join(', ')}, where the role may not look.`;
  const from = new Date(Date.parse(expires) + graceDays * DAY_MS);
  return now < from
    ? `Delete the certificate ${name}, or wait: a fix deletes it from ${from.toISOString()} on.`
    : undefined;
};

const DAY_MS = 86_400_000;
