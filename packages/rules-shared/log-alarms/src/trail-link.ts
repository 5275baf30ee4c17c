import {
  loadTrails,
  observeEach,
  observeTrail,
  shortcomingsOf,
  Trail,
  type LoadedTrail,
} from '@compliance/trails';
import type { Reads, Session } from '@compliance/core/rule';
import * as z from 'zod';

export const LogGroup = z.object({ accountId: z.string().max(12), region: z.string(), name: z.string() });
export type LogGroup = z.infer<typeof LogGroup>;

/** A trail and the log group that it delivers to: the first link of the chain from an event to a person. */
export const TrailLink = Trail.extend({
  /** The account that owns the trail. */
  owner: z.string().max(12),
  /** `null`: it delivers to none, or a member of the organization may not see it. */
  logGroup: LogGroup.nullable(),
  /** The error of the last delivery to the log group, if any. */
  logDeliveryError: z.string().exactOptional(),
});
export type TrailLink = z.infer<typeof TrailLink>;

export const loadTrailLinks = async (session: Session, reads: Reads): Promise<TrailLink[]> =>
  observeEach(await loadTrails(session, reads), observeLink);

const observeLink = async (loaded: LoadedTrail): Promise<TrailLink> => {
  const [, , , , owner = ''] = loaded.TrailARN.split(':');
  const logGroup = logGroupOf(loaded.CloudWatchLogsLogGroupArn);
  return { ...(await observeTrail(loaded)), owner, logGroup, ...(logGroup && (await deliveryOf(loaded))) };
};

/** `arn:aws:logs:eu-west-1:111122223333:log-group:trails:*` */
const logGroupOf = (arn = ''): LogGroup | null => {
  const [, , , region = '', accountId = '', , name = ''] = arn.split(':');
  return name === '' ? null : { accountId, region, name };
};

const deliveryOf = async (loaded: LoadedTrail): Promise<Pick<TrailLink, 'logDeliveryError'>> => {
  const status = loaded.unreadable === undefined ? await loaded.status() : undefined;
  if (!status || 'unreadable' in status || !status.LatestCloudWatchLogsDeliveryError) return {};
  return { logDeliveryError: status.LatestCloudWatchLogsDeliveryError };
};

/** Lists why a trail is not proven to record the management events of these services in all Regions. */
export const gapsOf = (trail: TrailLink, sources: readonly string[] | 'any') => {
  const excluded = trail.managementEvents?.excludedSources ?? [];
  const tolerated = sources === 'any' ? [] : excluded.filter((source) => !sources.includes(source));
  return shortcomingsOf(trail, { excludeManagementEventSources: tolerated });
};

/** Whether a trail may record what an alarm needs, as far as this account can tell. */
export const mayRecord = (trail: TrailLink, sources: readonly string[] | 'any'): boolean =>
  gapsOf(trail, sources).every(({ remedy }) => remedy === 'check');
