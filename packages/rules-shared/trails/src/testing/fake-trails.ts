import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  ListTrailsCommand,
  type GetEventSelectorsCommandOutput,
  type GetTrailStatusCommandOutput,
  type ListTrailsCommandInput,
  type Trail as ApiTrail,
} from '@aws-sdk/client-cloudtrail';
import { awsError, on, type FakeAnswer } from '@compliance/core/testing';

/** The account of fake sessions. */
export const ME = '111122223333';
export const MANAGEMENT = '999988887777';

/** A trail of `owner` in us-east-1 that records all Regions. One of the management account is the organization's. */
export const describedTrail = (owner: string, overrides: Partial<ApiTrail> = {}): ApiTrail => {
  const { Name = 'main', HomeRegion = 'us-east-1' } = overrides;
  return {
    Name,
    TrailARN: `arn:aws:cloudtrail:${HomeRegion}:${owner}:trail/${Name}`,
    HomeRegion,
    IsMultiRegionTrail: true,
    IncludeGlobalServiceEvents: true,
    IsOrganizationTrail: owner === MANAGEMENT,
    HasCustomEventSelectors: false,
    ...overrides,
  };
};

type Status = Omit<GetTrailStatusCommandOutput, '$metadata'>;
type Selectors = Omit<GetEventSelectorsCommandOutput, '$metadata'>;

/**
 * CloudTrail as a fake: the emulator has no organization trail of another account and no failing delivery.
 * It refuses the selectors of an organization's trail. Trails named `deleted`, `denied` and `throttled` fail to be
 * read; where one is named `hidden`, the Regions other than eu-west-1 refuse to describe theirs.
 */
export const fakeTrails = (
  trails: readonly ApiTrail[],
  { status = {}, selectors = {} }: { readonly status?: Status; readonly selectors?: Selectors } = {},
): FakeAnswer[] => {
  const find = (arn = '') => {
    const found = trails.find(({ TrailARN }) => TrailARN === arn);
    if (!found || found.Name === 'deleted') throw awsError('TrailNotFoundException');
    if (found.Name === 'denied') throw awsError('AccessDeniedException');
    if (found.Name === 'throttled') throw awsError('ThrottlingException');
    return found;
  };
  return [
    on(CloudTrailClient, DescribeTrailsCommand, (_, region) => {
      if (region !== 'eu-west-1' && trails.some(({ Name }) => Name === 'hidden'))
        throw awsError('AccessDenied');
      return {
        trailList: trails.filter(
          ({ IsMultiRegionTrail, HomeRegion }) => IsMultiRegionTrail === true || HomeRegion === region,
        ),
      };
    }),
    on(CloudTrailClient, ListTrailsCommand, ({ NextToken }: ListTrailsCommandInput) => {
      const own = trails.filter(({ TrailARN = '' }) => TrailARN.includes(ME));
      return NextToken === undefined
        ? { Trails: own.slice(0, 1), NextToken: 'more' }
        : { Trails: own.slice(1) };
    }),
    on(CloudTrailClient, GetTrailStatusCommand, ({ Name }) => {
      find(Name);
      return { IsLogging: true, ...status };
    }),
    on(CloudTrailClient, GetEventSelectorsCommand, ({ TrailName }) => {
      const { IsOrganizationTrail } = find(TrailName);
      if (IsOrganizationTrail) throw awsError('TrailNotFoundException');
      return {
        EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' as const }],
        ...selectors,
      };
    }),
  ];
};
