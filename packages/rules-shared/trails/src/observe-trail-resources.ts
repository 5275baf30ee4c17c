import {
  failureKind,
  hasCode,
  type ConfigurationItem,
  type ResourceShape,
  type Rule,
  type Session,
} from '@compliance/core/rule';
import * as z from 'zod';

import { loadTrailsOfRegion, type LoadedTrail } from './load-trails.ts';

/** The ARN and tags of a trail. */
export const TRAIL_SHAPE: ResourceShape = {
  tagFilter: 'cloudtrail:trail',
  arn: (name, { partition, region, accountId }) =>
    `arn:${partition}:cloudtrail:${region}:${accountId}:trail/${name}`,
};

const TRAIL = 'AWS::CloudTrail::Trail';

interface TrailFacts<Facts> {
  /** Reads the facts of a trail. @throws TrailNotFoundException, if it was deleted since it was listed */
  readonly read: (trail: LoadedTrail, session: Session) => Facts | Promise<Facts>;
  /** The facts that a configuration item holds; `undefined`: it does not hold all. */
  readonly item: (trail: RecordedTrail) => Facts | undefined;
}

/**
 * Creates the `observe` of a rule on single trails.
 * A trail is judged once, in its home Region and by its owner; its shadows and the organization's trail in a member
 * account are not.
 */
export const observeTrailResources = <Facts>({ read, item }: TrailFacts<Facts>): Rule<Facts>['observe'] => {
  const observe = async (trail: LoadedTrail, session: Session) => {
    try {
      return {
        facts: await read(trail, session),
        identity: { resourceName: trail.Name, arn: trail.TrailARN },
      };
    } catch (error) {
      if (hasCode(error, 'TrailNotFoundException')) return undefined;
      throw error;
    }
  };
  return {
    item: (recorded) => {
      const trail = trailOf(recorded);
      const facts = trail && item(trail);
      return facts === undefined ? undefined : { facts };
    },
    get: async ({ resourceId }, { session }) => {
      const trail = await findTrail(resourceId, session);
      return trail && observe(trail, session);
    },
    list: async function* ({ session }) {
      for (const trail of await loadTrailsOfRegion(session, 'shared')) {
        const resource = { resourceType: TRAIL, resourceId: trail.Name, ...identityOf(trail) };
        try {
          const observation = await observe(trail, session);
          if (observation) yield { resource, ...observation };
        } catch (error) {
          if (failureKind(error) === 'transient') throw error;
          // Without facts, `get` is asked for this trail, and fails for it alone.
          yield { resource };
        }
      }
    },
  };
};

const identityOf = ({ Name, TrailARN }: LoadedTrail) => ({ resourceName: Name, arn: TrailARN });

const findTrail = async (nameOrArn: string, session: Session): Promise<LoadedTrail | undefined> => {
  const trails = await loadTrailsOfRegion(session, 'live');
  return trails.find(({ Name, TrailARN }) => nameOrArn === Name || nameOrArn === TrailARN);
};

const Text = z
  .string()
  .nullish()
  .transform((text) => (text ? text : null));

/** The configuration of a trail, as AWS Config records it; null: it is not set. */
const RecordedTrail = z.object({
  trailARN: z.string(),
  homeRegion: z.string(),
  isOrganizationTrail: z.boolean(),
  logFileValidationEnabled: z.boolean(),
  kmsKeyId: Text,
  cloudWatchLogsLogGroupArn: Text,
});
type RecordedTrail = z.infer<typeof RecordedTrail>;

/** The recorded trail, if it is this account's and at home; it is read live otherwise, and so found not to be. */
const trailOf = ({ configuration, accountId, awsRegion }: ConfigurationItem): RecordedTrail | undefined => {
  const { success, data } = RecordedTrail.safeParse(configuration);
  return success && data.homeRegion === awsRegion && data.trailARN.split(':')[4] === accountId
    ? data
    : undefined;
};
