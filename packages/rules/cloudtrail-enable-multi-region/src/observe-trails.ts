import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail as CloudTrailTrail,
} from '@aws-sdk/client-cloudtrail';
import { canonical, hasCode, permanent, type Session } from '@compliance/core/rule';
import * as z from 'zod';

import { managementEventsOf } from './management-events.ts';
import { Trail } from './trail.ts';

/** The trails that record this account, as seen from the session's Region. */
export const TrailFacts = z.object({ trails: z.array(Trail) });
export type TrailFacts = z.infer<typeof TrailFacts>;

/** Lists this Region's trails and the shadows of multi-Region and organization trails. One page has them all. */
export const describeTrails = async (session: Session): Promise<readonly CloudTrailTrail[]> => {
  const { trailList = [] } = await session.client(CloudTrailClient).send(new DescribeTrailsCommand({}));
  return trailList;
};

export const observeTrails = async (
  described: readonly CloudTrailTrail[],
  session: Session,
): Promise<TrailFacts> => {
  const trails = await Promise.all(described.map((trail) => observeTrail(trail, session)));
  return { trails: trails.filter((trail) => trail !== undefined).toSorted(byContent) };
};

const observeTrail = async (described: CloudTrailTrail, session: Session): Promise<Trail | undefined> => {
  const { TrailARN, Name, HomeRegion } = described;
  if (TrailARN === undefined || Name === undefined || HomeRegion === undefined)
    throw permanent(
      'incomplete-answer',
      `Incomplete answer of DescribeTrails in ${session.accountId}: a trail has no ARN, name or home Region.`,
    );
  try {
    const { IsLogging, LatestDeliveryError } = await homeClient(described, session).send(
      // By name, CloudTrail searches this account only.
      new GetTrailStatusCommand({ Name: TrailARN }),
    );
    return {
      name: Name,
      homeRegion: HomeRegion,
      organization: described.IsOrganizationTrail === true,
      multiRegion: described.IsMultiRegionTrail === true,
      globalServiceEvents: described.IncludeGlobalServiceEvents === true,
      logging: IsLogging === true,
      ...(LatestDeliveryError && { deliveryError: LatestDeliveryError }),
      managementEvents: await readManagementEvents(described, session),
    };
  } catch (error) {
    // Deleted since the listing. For another account's trail it proves nothing: CloudTrail may answer it to a member.
    if (isOwn(described, session) && hasCode(error, 'TrailNotFoundException')) return undefined;
    throw error;
  }
};

const readManagementEvents = async (trail: CloudTrailTrail, session: Session) => {
  if (!isOwn(trail, session)) return null;
  const selectors = await homeClient(trail, session).send(
    new GetEventSelectorsCommand({ TrailName: trail.TrailARN }),
  );
  return managementEventsOf(selectors);
};

const isOwn = ({ TrailARN = '' }: CloudTrailTrail, { accountId }: Session) =>
  TrailARN.split(':')[4] === accountId;

// A shadow trail has the status of one Region; only the home Region has the trail's own.
const homeClient = ({ HomeRegion = '' }: CloudTrailTrail, session: Session) =>
  session.at(HomeRegion).client(CloudTrailClient);

const byContent = (a: Trail, b: Trail) => (canonical(a) < canonical(b) ? -1 : 1);
