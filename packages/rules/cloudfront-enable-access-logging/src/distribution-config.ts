import {
  CloudFrontClient,
  GetDistributionConfigCommand,
  UpdateDistributionCommand,
  type DistributionConfig,
} from '@aws-sdk/client-cloudfront';
import { defineSharedDocument, hasCode, permanent, type Json, type Session } from '@compliance/core/rule';
import * as z from 'zod';

/** The whole configuration of a distribution, and the version that it is of. */
interface Content {
  readonly [member: string]: Json;
  readonly etag: string;
  readonly config: { [member: string]: Json };
}

/** Reads a distribution; `undefined`: it is gone. */
export const readConfig = async (Id: string, session: Session) => {
  try {
    return await session.client(CloudFrontClient).send(new GetDistributionConfigCommand({ Id }));
  } catch (error) {
    if (hasCode(error, 'NoSuchDistribution')) return undefined;
    throw error;
  }
};

/**
 * UpdateDistribution replaces the whole configuration, of the version that was read and of no other.
 * Only what an edit changes is journalled: a configuration may contain secrets, in the headers for an origin.
 * @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html
 */
export const distributionConfig = defineSharedDocument<Content>({
  kind: 'cloudfront/distribution-config',
  defaults: { etag: '', config: {} },
  read: async (key, session) => {
    const found = await readConfig(key, session);
    // Members that are not set have no JSON.
    return (
      found &&
      Stored.parse(JSON.parse(JSON.stringify({ etag: found.ETag, config: found.DistributionConfig })))
    );
  },
  write: async (key, { etag, config }, session) => {
    await session.client(CloudFrontClient).send(
      new UpdateDistributionCommand({
        Id: key,
        IfMatch: etag,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the same client read, with other values.
        DistributionConfig: config as unknown as DistributionConfig,
      }),
    );
  },
  remove: (key) =>
    Promise.reject(
      permanent('undo-impossible', `The configuration of ${key} is a part of it: it is not removed alone.`),
    ),
});

const Stored = z.object({ etag: z.string(), config: z.record(z.string(), z.json()) });

/** The content with standard logging to a bucket, by its domain name. Cookies are not logged. */
export const withLogging = (content: Content, Bucket: string, Prefix: string): Content => ({
  ...content,
  config: { ...content.config, Logging: { Enabled: true, IncludeCookies: false, Bucket, Prefix } },
});
