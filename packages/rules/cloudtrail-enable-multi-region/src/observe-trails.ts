import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  paginateListTrails,
  type Trail as CloudTrailTrail,
  type TrailInfo,
} from '@aws-sdk/client-cloudtrail';
import { canonical, errorCode, failureKind, hasCode, permanent, type Session } from '@compliance/core/rule';
import * as z from 'zod';

import { EVERYTHING, managementEventsOf, type ManagementEvents } from './management-events.ts';
import { Trail } from './trail.ts';

/** The trails that record this account, in any Region. */
export const TrailFacts = z.object({ trails: z.array(Trail) });
export type TrailFacts = z.infer<typeof TrailFacts>;

/** A trail as described, or as listed with the code of the error with which its Region refused to describe it. */
export interface DescribedTrail extends CloudTrailTrail {
  readonly unreadable?: string;
}

/**
 * Lists the trails that record this account.
 * One page describes this Region's trails and the shadows of multi-Region and organization trails. A trail of another
 * Region alone has no shadow: ListTrails names its home Region, which describes it.
 */
export const describeTrails = async (session: Session): Promise<readonly DescribedTrail[]> => {
  const client = session.client(CloudTrailClient);
  const [{ trailList = [] }, pages] = await Promise.all([
    client.send(new DescribeTrailsCommand({})),
    Array.fromAsync(paginateListTrails({ client }, {})),
  ]);
  const seen = new Set(trailList.map(({ TrailARN }) => TrailARN));
  const elsewhere = pages.flatMap(({ Trails = [] }) => Trails).filter(({ TrailARN }) => !seen.has(TrailARN));
  const byRegion = [...Map.groupBy(elsewhere, ({ HomeRegion = '' }) => HomeRegion)];
  const described = await Promise.all(
    byRegion.map(([region, listed]) => describeIn(session.at(region), listed)),
  );
  return [...trailList, ...described.flat()];
};

/** Describes these trails of one Region; those deleted since the listing are left out. */
const describeIn = async (session: Session, listed: readonly TrailInfo[]): Promise<DescribedTrail[]> => {
  const answer = await unlessRefused(
    session.client(CloudTrailClient).send(new DescribeTrailsCommand({ includeShadowTrails: false })),
  );
  if ('unreadable' in answer) return listed.map((trail) => ({ ...trail, ...answer }));
  const wanted = new Set(listed.map(({ TrailARN }) => TrailARN));
  return (answer.trailList ?? []).filter(({ TrailARN }) => wanted.has(TrailARN));
};

export const observeTrails = async (
  described: readonly DescribedTrail[],
  session: Session,
): Promise<TrailFacts> => {
  const trails = await Promise.all(described.map((trail) => observeTrail(trail, session)));
  return { trails: trails.filter((trail) => trail !== undefined).toSorted(byContent) };
};

const observeTrail = async (described: DescribedTrail, session: Session): Promise<Trail | undefined> => {
  const { TrailARN, Name, HomeRegion, unreadable } = described;
  if (TrailARN === undefined || Name === undefined || HomeRegion === undefined)
    throw permanent(
      'incomplete-answer',
      `Incomplete answer of CloudTrail in ${session.accountId}: a trail has no ARN, name or home Region.`,
    );
  const trail = {
    name: Name,
    homeRegion: HomeRegion,
    organization: described.IsOrganizationTrail === true || !isOwn(described, session),
    multiRegion: described.IsMultiRegionTrail === true,
    globalServiceEvents: described.IncludeGlobalServiceEvents === true,
  };
  // That it leaves out global services is not known, and so not claimed.
  if (unreadable !== undefined) return { ...trail, globalServiceEvents: true, ...UNREAD, unreadable };
  try {
    return { ...trail, ...(await readTrail(described, session)) };
  } catch (error) {
    // Deleted since the listing. For another account's trail it proves nothing: CloudTrail may answer it to a member.
    if (isOwn(described, session) && hasCode(error, 'TrailNotFoundException')) return undefined;
    throw error;
  }
};

const UNREAD = { logging: null, managementEvents: null };

type ReadFacts = Pick<Trail, 'logging' | 'deliveryError' | 'managementEvents' | 'unreadable'>;

const readTrail = async (described: CloudTrailTrail, session: Session): Promise<ReadFacts> => {
  const status = await unlessRefused(
    // By name, CloudTrail searches this account only.
    homeClient(described, session).send(new GetTrailStatusCommand({ Name: described.TrailARN })),
    isOwn(described, session),
  );
  if ('unreadable' in status) return { ...UNREAD, ...status };
  const { IsLogging, LatestDeliveryError } = status;
  return {
    logging: IsLogging === true,
    ...(LatestDeliveryError && { deliveryError: LatestDeliveryError }),
    ...(await readManagementEvents(described, session)),
  };
};

const readManagementEvents = async (
  trail: CloudTrailTrail,
  session: Session,
): Promise<{ managementEvents: ManagementEvents | null; unreadable?: string }> => {
  // A member may be refused the selectors, but the default one records everything.
  if (!isOwn(trail, session) && trail.HasCustomEventSelectors === false)
    return { managementEvents: EVERYTHING };
  const selectors = await unlessRefused(
    homeClient(trail, session).send(new GetEventSelectorsCommand({ TrailName: trail.TrailARN })),
    isOwn(trail, session),
  );
  return 'unreadable' in selectors
    ? { managementEvents: null, ...selectors }
    : { managementEvents: managementEventsOf(selectors) };
};

interface Refused {
  readonly unreadable: string;
}

/** The answer, or the code with which AWS refuses it: one unreadable trail must not hide the others. */
const unlessRefused = async <Answer extends object>(
  answer: Promise<Answer>,
  own = false,
): Promise<Answer | Refused> => {
  try {
    return await answer;
  } catch (error) {
    if (failureKind(error) === 'transient' || (own && hasCode(error, 'TrailNotFoundException'))) throw error;
    return { unreadable: errorCode(error) };
  }
};

const isOwn = ({ TrailARN = '' }: CloudTrailTrail, { accountId }: Session) =>
  TrailARN.split(':')[4] === accountId;

// A shadow trail has the status of one Region; only the home Region has the trail's own.
const homeClient = ({ HomeRegion = '' }: CloudTrailTrail, session: Session) =>
  session.at(HomeRegion).client(CloudTrailClient);

const byContent = (a: Trail, b: Trail) => (canonical(a) < canonical(b) ? -1 : 1);
