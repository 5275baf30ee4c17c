import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  call,
  change,
  defined,
  shortened,
  undoCall,
  type Change,
  type Fix,
  type FixInput,
} from '@compliance/core/rule';
import { isUnproven, shortcomingsOf, startLogging, type Shortcoming, type Trail } from '@compliance/trails';

import type { Parameters } from './parameters.ts';
import type { TrailFacts } from './trail-facts.ts';

type Input = FixInput<TrailFacts, Parameters>;

/**
 * Fixes the account's own trail with the fewest shortcomings, in its home Region.
 * Creates a trail only if the account has none in any Region, because every further copy of management events is
 * billed. For the same reason, a trail that may be as required but cannot be read is left to a person, as is every
 * trail of the organization.
 */
export const fixTrails = (input: Input): Fix<TrailFacts> => {
  const { facts, parameters } = input;
  const candidates = facts.trails
    .filter(({ organization }) => parameters.acceptOrganizationTrail || !organization)
    .map((trail) => ({ trail, shortcomings: shortcomingsOf(trail, parameters) }));
  const unproven = candidates.find(({ shortcomings }) => isUnproven(shortcomings));
  if (unproven) return { manual: describeFix(unproven) };

  const own = candidates.filter(({ trail }) => !trail.organization);
  const [nearest] = own
    .filter(({ shortcomings }) => shortcomings.every(isCall))
    .toSorted((a, b) => a.shortcomings.length - b.shortcomings.length);
  if (nearest) return extendTrail(nearest);

  const [first] = [...candidates.filter(({ trail }) => trail.organization), ...own];
  return first ? { manual: describeFix(first) } : createTrail(input);
};

const isCall = ({ remedy }: Shortcoming) => remedy === 'UpdateTrail' || remedy === 'StartLogging';

interface Candidate {
  readonly trail: Trail;
  readonly shortcomings: readonly Shortcoming[];
}

const describeFix = ({ trail, shortcomings }: Candidate) => {
  const verb = isUnproven(shortcomings) ? 'Check' : 'Fix';
  const where = trail.organization ? " from the organization's management account" : '';
  return `${verb} trail ${trail.name} in ${trail.homeRegion}${where}: it ${shortcomings.map(({ text }) => text).join(', ')}.`;
};

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
    description: `Make trail ${shortened(Name)} record all Regions`,
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
    description: `Create trail ${shortened(Name)}, which records all Regions to bucket ${s3BucketName}`,
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
