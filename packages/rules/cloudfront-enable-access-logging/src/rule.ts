import { CloudFrontClient, paginateListDistributions } from '@aws-sdk/client-cloudfront';
import {
  change,
  compliant,
  defineRule,
  edit,
  nonCompliant,
  type Observation,
  type ResourceShape,
  type Session,
} from '@compliance/core/rule';
import * as z from 'zod';

import { distributionConfig, readConfig, withLogging } from './distribution-config.ts';
import { deliveredDistributions, Logging, loggingOf } from './logging.ts';
import { fixGrants, LOG_BUCKETS, READS, undoGrants } from './permissions.ts';

const TYPE = 'AWS::CloudFront::Distribution';

const shape = {
  arn: (id, { partition, accountId }) => `arn:${partition}:cloudfront::${accountId}:distribution/${id}`,
} as const satisfies ResourceShape;

export const rule = defineRule({
  command: 'CLOUDFRONT_ENABLE_ACCESS_LOGGING',
  title: 'CloudFront distributions write access logs',
  rationale: 'The origin sees CloudFront alone: only these logs tell which viewers asked for what.',
  severity: 'medium',
  resourceType: TYPE,
  resource: shape,
  // AWS Config records distributions in us-east-1 alone, and without deliveries of CloudWatch Logs.
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: { 'cis-7.0': ['4.10'], 'aws-fsbp': ['CloudFront.5'] },
  equivalents: {
    config: ['CLOUDFRONT_ACCESSLOGS_ENABLED'],
    securityHub: ['CloudFront.5'],
    prowler: ['cloudfront_distributions_logging_enabled'],
    custodian: ['distribution filter'],
  },
  partly: 'Whether the destination of the logs still exists and admits them: CloudFront does not say.',
  parameters: z.object({
    logBucket: z
      .string()
      .regex(
        new RegExp(String.raw`^${LOG_BUCKETS}.*\.s3\..*amazonaws\.com(\.cn)?$`),
        `must be the domain name of a bucket whose name begins with ${LOG_BUCKETS}`,
      )
      .nullable()
      .default(null)
      .describe(
        `The domain name of the bucket that takes the logs, such as ${LOG_BUCKETS}-{accountId}.s3.amazonaws.com. It must allow ACLs, by which CloudFront admits itself; a fix may change those of buckets with this beginning. null: a person decides.`,
      ),
    logPrefix: z.string().default('').describe('What the keys of the logs begin with.'),
    acceptRealTimeLogs: z
      .boolean()
      .default(false)
      .describe('Whether real-time logs of the default behavior are enough. They may be a sample.'),
  }),
  needs: ['logBucket'],
  facts: Logging,
  permissions: {
    list: ['cloudfront:ListDistributions', ...READS],
    get: READS,
    fix: fixGrants,
    undo: undoGrants,
  },

  observe: {
    get: ({ resourceId }, { session }) => observe(resourceId, session, deliveredDistributions),
    list: async function* ({ session }) {
      const client = session.client(CloudFrontClient);
      for await (const { DistributionList } of paginateListDistributions({ client }, {}))
        for (const { Id: resourceId = '' } of DistributionList?.Items ?? []) {
          const resource = { resourceType: TYPE, resourceId };
          // Without facts, the resource is read again alone: what fails is its failure, not that of the listing.
          const observed = await observe(resourceId, session, sharedDeliveries).catch(() => undefined);
          yield { resource, ...observed };
        }
    },
  },

  judge: ({ legacy, delivered, realTime }, { parameters }) => {
    if (legacy || delivered || (realTime && parameters.acceptRealTimeLogs)) return compliant();
    return nonCompliant(
      realTime
        ? 'The distribution writes real-time logs alone, which may be a sample.'
        : 'The distribution writes no access log.',
    );
  },

  fix: ({ resource: { resourceId }, parameters: { logBucket, logPrefix } }) =>
    logBucket === null
      ? { manual: 'Set the parameter logBucket to the bucket that takes logs of CloudFront.' }
      : change({
          description: `Write the access log of ${resourceId} to ${logBucket}`,
          risk: 'safe',
          inCode: {
            terraform: `aws_cloudfront_distribution: logging_config { bucket = "${logBucket}" }`,
            cloudFormation: `AWS::CloudFront::Distribution: DistributionConfig: Logging: Bucket: ${logBucket}`,
          },
          steps: [
            edit(distributionConfig, (content) => withLogging(content, logBucket, logPrefix), {
              key: resourceId,
            }),
          ],
        }),

  undo: { documents: [distributionConfig] },
});

const observe = async (
  id: string,
  session: Session,
  deliveries: (session: Session) => Promise<ReadonlySet<string>>,
): Promise<Observation<Logging> | undefined> => {
  const found = await readConfig(id, session);
  return (
    found && { facts: loggingOf(found.DistributionConfig, shape.arn(id, session), await deliveries(session)) }
  );
};

const sharedDeliveries = (session: Session) =>
  session.onceInAccount('cloudfront/deliveries', () => deliveredDistributions(session));
