import { compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import * as z from 'zod';

import { Facts, Handles, getCertificate, listCertificates } from './certificates.ts';
import { deleteCertificate } from './delete-certificate.ts';

export const rule = defineRule({
  command: 'IAM_REMOVE_EXPIRED_CERTIFICATES',
  title: 'IAM stores no expired server certificate',
  rationale:
    'An expired certificate that a load balancer gets by mistake breaks its TLS, and trains users to ignore it.',
  severity: 'medium',
  resourceType: 'AWS::IAM::ServerCertificate',
  deploy: 'home-region',
  // A certificate expires without a change.
  triggers: ['schedule'],
  impact:
    'The certificate and its private key are gone. What may use it is looked for only at load balancers.',
  controls: {
    'cis-1.3': ['1.19'],
    'cis-1.4': ['1.19'],
    'cis-1.5': ['1.19'],
    'cis-2.0': ['1.19'],
    'cis-3.0': ['1.19'],
    'cis-4.0': ['1.19'],
    'cis-4.0.1': ['1.19'],
    'cis-5.0': ['1.18'],
    'cis-6.0': ['2.18'],
    'cis-7.0': ['2.17'],
    'aws-fsbp': ['IAM.26'],
  },
  equivalents: {
    config: ['IAM_SERVER_CERTIFICATE_EXPIRATION_CHECK'],
    securityHub: ['IAM.26'],
    prowler: ['iam_no_expired_server_certificates_stored'],
    steampipe: ['iam_server_certificate_not_expired'],
    custodian: ['iam-certificate: Expiration value_type=expiration'],
  },
  parameters: z.object({
    graceDays: z
      .int()
      .min(0)
      .default(0)
      .describe('How many whole days after its expiration a certificate is deleted by a fix.'),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['iam:ListServerCertificates'],
    get: [
      'iam:ListServerCertificates',
      'ec2:DescribeRegions',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeListenerCertificates',
    ],
    fix: [{ action: 'iam:DeleteServerCertificate', resource: 'arn:*:iam::*:server-certificate/*' }],
    undo: [],
  },

  observe: { get: getCertificate, list: listCertificates },

  judge: ({ expires }, { now }) =>
    expires !== null && Date.parse(expires) < now.getTime()
      ? nonCompliant(`The certificate expired on ${expires}.`)
      : compliant(),

  fix: ({ facts: { expires }, handles, parameters, now }) =>
    expires === null
      ? { manual: 'Nothing is to be deleted: the account has no certificate.' }
      : deleteCertificate({ expires, ...handles, ...parameters, now }),
});
