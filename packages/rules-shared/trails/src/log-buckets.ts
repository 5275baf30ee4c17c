import { bucketNames } from '@compliance/bucket-listing';
import {
  failureKind,
  hasCode,
  notApplicable,
  type JudgeContext,
  type Reads,
  type Rule,
  type Session,
  type Verdict,
} from '@compliance/core/rule';
import * as z from 'zod';

import { loadTrails } from './load-trails.ts';

const BUCKET = 'AWS::S3::Bucket';

/** The actions of finding the buckets that trails deliver to. */
export const LOG_BUCKET_READS = ['cloudtrail:DescribeTrails', 'cloudtrail:ListTrails'];

/** The facts of a bucket: those of a log bucket; `log: null` for any other. */
export const logBucketFacts = <Facts>(facts: z.ZodType<Facts>) => z.object({ log: facts.nullable() });
interface BucketFacts<Facts> {
  readonly log: Facts | null;
}

/**
 * Creates the `observe` of a rule on buckets that trails of this account or its organization deliver to.
 * Only the owner of a bucket judges it. An item does not say whether a trail delivers to its bucket.
 */
export const observeLogBuckets = <Facts>(
  read: (
    bucket: { readonly Bucket: string; readonly ExpectedBucketOwner: string },
    session: Session,
  ) => Promise<Facts>,
): Pick<Rule<BucketFacts<Facts>>['observe'], 'get' | 'list'> => {
  const observe = async (name: string, logBuckets: ReadonlySet<string>, session: Session) => {
    const identity = { resourceName: name };
    if (!logBuckets.has(name)) return { facts: { log: null }, identity };
    try {
      return {
        facts: { log: await read({ Bucket: name, ExpectedBucketOwner: session.accountId }, session) },
        identity,
      };
    } catch (error) {
      if (hasCode(error, 'NoSuchBucket')) return undefined;
      throw error;
    }
  };
  return {
    get: async ({ resourceId }, { session }) =>
      observe(resourceId, await logBucketsOf(session, 'live'), session),
    list: async function* ({ session }) {
      const logBuckets = await logBucketsOf(session, 'shared');
      for (const name of await bucketNames(session)) {
        const resource = { resourceType: BUCKET, resourceId: name, resourceName: name };
        try {
          const observation = await observe(name, logBuckets, session);
          if (observation) yield { resource, ...observation };
        } catch (error) {
          if (failureKind(error) === 'transient') throw error;
          // Without facts, `get` is asked for this bucket, and fails for it alone.
          yield { resource };
        }
      }
    },
  };
};

/** Judges a log bucket; the rule does not concern others. */
export const judgeLogBucket =
  <Facts, Parameters>(judge: (facts: Facts, context: JudgeContext<Parameters>) => Verdict) =>
  ({ log }: BucketFacts<Facts>, context: JudgeContext<Parameters>): Verdict =>
    log === null ? notApplicable('No trail of this account delivers to the bucket.') : judge(log, context);

const logBucketsOf = async (session: Session, reads: Reads): Promise<ReadonlySet<string>> => {
  const trails = await loadTrails(session, reads);
  return new Set(trails.flatMap(({ S3BucketName }) => S3BucketName ?? []));
};
