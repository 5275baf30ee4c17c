import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  paginateListTrails,
  type GetEventSelectorsCommandOutput,
  type GetTrailStatusCommandOutput,
  type Trail as ApiTrail,
  type TrailInfo,
} from '@aws-sdk/client-cloudtrail';
import { permanent, type Reads, type Session } from '@compliance/core/rule';

import { unlessRefused, type Refused } from './refused.ts';

/** A trail with its members as CloudTrail names them. The rest is read when it is asked for. */
export interface LoadedTrail extends Omit<ApiTrail, 'Name' | 'TrailARN' | 'HomeRegion'> {
  readonly Name: string;
  readonly TrailARN: string;
  readonly HomeRegion: string;
  /** This account owns the trail. Otherwise it is one of the organization, and CloudTrail may refuse to read it. */
  readonly own: boolean;
  /** The code of the error with which its home Region refused to describe it: most members are absent. */
  readonly unreadable?: string;
  /**
   * Reads whether it logs and delivers.
   * @throws TrailNotFoundException, if this account's trail was deleted since it was listed
   */
  readonly status: () => Promise<GetTrailStatusCommandOutput | Refused>;
  /** Reads its event selectors; throws as `status` does. */
  readonly selectors: () => Promise<GetEventSelectorsCommandOutput | Refused>;
}

/** The actions of loading trails with their status and selectors. */
export const TRAIL_READS = [
  'cloudtrail:DescribeTrails',
  'cloudtrail:ListTrails',
  'cloudtrail:GetTrailStatus',
  'cloudtrail:GetEventSelectors',
];

/**
 * Lists the trails that record this account, in any Region.
 * One page describes this Region's trails and the shadows of multi-Region and organization trails. A trail of another
 * Region alone has no shadow: ListTrails names its home Region, which describes it.
 */
export const loadTrails = async (session: Session, reads: Reads): Promise<readonly LoadedTrail[]> => {
  const [described, listed] = await Promise.all([
    describeTrails(session, reads),
    shared(session, reads, 'cloudtrail/list-trails', () => listTrails(session)),
  ]);
  const seen = new Set(described.map(({ TrailARN }) => TrailARN));
  const unseen = listed.filter(({ TrailARN }) => !seen.has(TrailARN));
  const elsewhere = await Promise.all(
    [...Map.groupBy(unseen, ({ HomeRegion = '' }) => HomeRegion)].map(([region, trails]) =>
      describeIn(session.at(region), reads, trails),
    ),
  );
  return [...described, ...elsewhere.flat()].map((trail) => loadedTrail(trail, session, reads));
};

/** Lists the account's own trails of this Region: one call, which `loadTrails` shares. */
export const loadTrailsOfRegion = async (session: Session, reads: Reads): Promise<readonly LoadedTrail[]> => {
  const trails = await describeTrails(session, reads);
  return trails
    .map((trail) => loadedTrail(trail, session, reads))
    .filter(({ own, HomeRegion }) => own && HomeRegion === session.region);
};

type DescribedTrail = ApiTrail & { readonly unreadable?: string };

const shared = <T>(session: Session, reads: Reads, key: string, load: () => Promise<T>): Promise<T> =>
  reads === 'live' ? load() : session.once(key, load);

const describeTrails = (session: Session, reads: Reads): Promise<readonly DescribedTrail[]> =>
  shared(session, reads, 'cloudtrail/describe-trails', async () => {
    const { trailList = [] } = await session.client(CloudTrailClient).send(new DescribeTrailsCommand({}));
    return trailList;
  });

const listTrails = async (session: Session): Promise<readonly TrailInfo[]> => {
  const pages = await Array.fromAsync(paginateListTrails({ client: session.client(CloudTrailClient) }, {}));
  return pages.flatMap(({ Trails = [] }) => Trails);
};

/** Describes these trails of one Region; those deleted since the listing are left out. */
const describeIn = async (
  session: Session,
  reads: Reads,
  listed: readonly TrailInfo[],
): Promise<readonly DescribedTrail[]> => {
  const answer = await unlessRefused(describeTrails(session, reads));
  if ('unreadable' in answer) return listed.map((trail) => ({ ...trail, ...answer }));
  const wanted = new Set(listed.map(({ TrailARN }) => TrailARN));
  return answer.filter(({ TrailARN }) => wanted.has(TrailARN));
};

const loadedTrail = (described: DescribedTrail, session: Session, reads: Reads): LoadedTrail => {
  const { TrailARN, Name, HomeRegion } = described;
  if (TrailARN === undefined || Name === undefined || HomeRegion === undefined)
    throw permanent(
      'incomplete-answer',
      `Incomplete answer of CloudTrail in ${session.accountId}: a trail has no ARN, name or home Region.`,
    );
  const own = TrailARN.split(':')[4] === session.accountId;
  // A shadow trail has the status of one Region; only the home Region has the trail's own.
  const home = session.at(HomeRegion);
  const client = home.client(CloudTrailClient);
  const read = <T extends object>(what: string, load: () => Promise<T>) =>
    unlessRefused(shared(home, reads, `cloudtrail/${what}/${TrailARN}`, load), {
      // For another account's trail it proves nothing: CloudTrail may answer it to a member.
      except: own ? ['TrailNotFoundException'] : [],
    });
  return {
    ...described,
    TrailARN,
    Name,
    HomeRegion,
    own,
    // By name, CloudTrail searches this account only.
    status: () => read('status', () => client.send(new GetTrailStatusCommand({ Name: TrailARN }))),
    selectors: () =>
      read('selectors', () => client.send(new GetEventSelectorsCommand({ TrailName: TrailARN }))),
  };
};
