import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  call,
  change,
  defined,
  undoCall,
  type CallStep,
  type Change,
  type Fix,
  type FixInput,
} from '@compliance/core/rule';

import type { TrailFacts } from './observe-trails.ts';
import type { Parameters } from './parameters.ts';
import { shortcomingsOf, type Shortcoming, type Trail } from './trail.ts';

type Input = FixInput<TrailFacts, Parameters>;

/**
 * Fixes the account's own trail with the fewest shortcomings.
 * Creates a trail only if the account has none, because every further copy of management events is billed. Never
 * changes a trail of the organization.
 */
export const fixTrails = (input: Input): Fix<TrailFacts> => {
  const { facts, parameters } = input;
  const candidates = facts.trails.map((trail) => ({
    trail,
    shortcomings: shortcomingsOf(trail, parameters),
  }));
  const own = candidates.filter(({ trail }) => !trail.organization);
  const [nearest] = own
    .filter(({ shortcomings }) => shortcomings.every(({ remedy }) => remedy !== 'person'))
    .toSorted((a, b) => a.shortcomings.length - b.shortcomings.length);
  if (nearest) return extendTrail(nearest);

  const organization = candidates.find(({ trail }) => trail.organization);
  if (organization && parameters.acceptOrganizationTrail)
    return { manual: describeFix(organization, " from the organization's management account") };
  const [first] = own;
  if (first) return { manual: describeFix(first) };
  return createTrail(input);
};

interface Candidate {
  readonly trail: Trail;
  readonly shortcomings: readonly Shortcoming[];
}

const describeFix = ({ trail, shortcomings }: Candidate, from = '') =>
  `Fix trail ${trail.name} in ${trail.homeRegion}${from}: it ${shortcomings.map(({ text }) => text).join(', ')}.`;

const extendTrail = ({ trail, shortcomings }: Candidate) => {
  const { name: Name, homeRegion: region, ...was } = trail;
  const update = call(
    CloudTrailClient,
    UpdateTrailCommand,
    // CloudTrail refuses a multi-Region trail without global services.
    { Name, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true },
    {
      region,
      undo: undoCall(
        CloudTrailClient,
        UpdateTrailCommand,
        {
          Name,
          IsMultiRegionTrail: was.multiRegion,
          IncludeGlobalServiceEvents: was.globalServiceEvents,
        },
        { region },
      ),
    },
  );
  const needs = new Set(shortcomings.map(({ remedy }) => remedy));
  return change<TrailFacts>({
    description: `Make trail ${Name} record all Regions`,
    risk: 'safe',
    inCode: RECORD_ALL_REGIONS,
    steps: [
      ...(needs.has('UpdateTrail') ? [update] : []),
      ...(needs.has('StartLogging') ? [startLogging(Name, region)] : []),
    ],
  });
};

const createTrail = ({ parameters, region }: Input): Change<TrailFacts> | { readonly manual: string } => {
  const { trailName: Name, s3BucketName, kmsKeyArn } = parameters;
  if (s3BucketName === null)
    return { manual: 'Set the parameter s3BucketName to the bucket that a new trail delivers to.' };
  const create = call(
    CloudTrailClient,
    CreateTrailCommand,
    {
      Name,
      S3BucketName: s3BucketName,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      ...defined({ KmsKeyId: kmsKeyArn ?? undefined }),
    },
    {
      region,
      undo: undoCall(
        CloudTrailClient,
        DeleteTrailCommand,
        { Name },
        { region, alreadyDone: ['TrailNotFoundException'] },
      ),
    },
  );
  return change<TrailFacts>({
    description: `Create trail ${Name}, which records all Regions to bucket ${s3BucketName}`,
    risk: 'safe',
    inCode: RECORD_ALL_REGIONS,
    // CreateTrail does not start logging.
    steps: [create, startLogging(Name, region)],
  });
};

const RECORD_ALL_REGIONS = {
  terraform:
    'aws_cloudtrail: is_multi_region_trail = true, include_global_service_events = true, enable_logging = true',
  cloudFormation:
    'AWS::CloudTrail::Trail: IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, IsLogging: true',
};

// CloudTrail accepts writes by name only in the trail's home Region.
const startLogging = (Name: string, region: string): CallStep =>
  call(
    CloudTrailClient,
    StartLoggingCommand,
    { Name },
    {
      region,
      undo: undoCall(
        CloudTrailClient,
        StopLoggingCommand,
        { Name },
        { region, alreadyDone: ['TrailNotFoundException'] },
      ),
    },
  );
