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
 * The trail of this account that lacks least is mended; only where it has none at all one is created, as every
 * further copy of management events is billed. A trail of the organization is never touched from here.
 */
export const fixTrails = (input: Input): Fix<TrailFacts> => {
  const { facts, parameters } = input;
  const weighed = facts.trails.map((trail) => ({ trail, lacks: shortcomingsOf(trail, parameters) }));
  const own = weighed.filter(({ trail }) => !trail.organization);
  const [nearest] = own
    .filter(({ lacks }) => lacks.every(({ remedy: extendTrail }) => extendTrail !== 'person'))
    .toSorted((a, b) => a.lacks.length - b.lacks.length);
  if (nearest) return mend(nearest.trail, nearest.lacks);

  const organization = weighed.find(({ trail }) => trail.organization);
  if (organization && parameters.acceptOrganizationTrail)
    return { manual: `In the organization's management account, ${describeFix(organization)}` };
  const [first] = own;
  if (first) return { manual: describeFix(first) };
  return createTrail(input);
};

const describeFix = ({ trail, lacks }: { readonly trail: Trail; readonly lacks: readonly Shortcoming[] }) =>
  `put trail ${trail.name} of ${trail.homeRegion} right: it ${lacks.map(({ text: says }) => says).join(', ')}.`;

const mend = ({ name: Name, homeRegion: region, ...was }: Trail, lacks: readonly Shortcoming[]) => {
  const update = call(
    CloudTrailClient,
    UpdateTrailCommand,
    // CloudTrail refuses a multi-Region trail without the global services.
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
  const needs = new Set(lacks.map((shortcoming) => shortcoming.remedy));
  return change<TrailFacts>({
    description: `Let trail ${Name} record all Regions`,
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
    return { manual: 'Set the parameter s3BucketName to the log bucket that a new trail is to deliver to.' };
  const create = call(
    CloudTrailClient,
    CreateTrailCommand,
    {
      Name,
      S3BucketName: s3BucketName,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      ...(kmsKeyArn !== null && { KmsKeyId: kmsKeyArn }),
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
    description: `Create trail ${Name}, which records all Regions to ${s3BucketName}`,
    risk: 'safe',
    inCode: RECORD_ALL_REGIONS,
    // CreateTrail does not start it.
    steps: [create, startLogging(Name, region)],
  });
};

const RECORD_ALL_REGIONS = {
  terraform:
    'aws_cloudtrail: is_multi_region_trail = true, include_global_service_events = true, enable_logging = true',
  cloudFormation:
    'AWS::CloudTrail::Trail: IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, IsLogging: true',
};

// By name, in the trail's home Region: elsewhere CloudTrail refuses writes.
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
