import {
  CloudTrailClient,
  DeleteTrailCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { ACCOUNT_TYPE, compliant, defineRule, nonCompliant, operation } from '@compliance/core/rule';
import {
  TRAIL_READS,
  annotationOf,
  observeAccountTrails,
  observeEach,
  observeTrail,
  shortcomingsOf,
} from '@compliance/trails';

import { fixTrails } from './fix-trails.ts';
import { Parameters } from './parameters.ts';
import { TrailFacts } from './trail-facts.ts';

const TRAILS = 'arn:*:cloudtrail:*:*:trail/*';
const NO_TRAIL = 'No trail records all management events of all Regions';

export const cloudtrailEnableMultiRegion = defineRule({
  command: 'CLOUDTRAIL_ENABLE_MULTI_REGION',
  title: 'One trail records all management events of all Regions',
  rationale: 'Activity in a Region without a trail leaves no record, so intruders prefer such Regions.',
  severity: 'high',
  resourceType: ACCOUNT_TYPE,
  // A multi-Region trail shows in every Region; one verdict per account is enough.
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['2.1'],
    'cis-1.3': ['3.1'],
    'cis-1.4': ['3.1'],
    'cis-1.5': ['3.1'],
    'cis-2.0': ['3.1'],
    'cis-3.0': ['3.1'],
    'cis-4.0': ['3.1'],
    'cis-4.0.1': ['3.1'],
    'cis-5.0': ['3.1'],
    'cis-6.0': ['4.1'],
    'cis-7.0': ['4.1'],
    'aws-fsbp': ['CloudTrail.1'],
  },
  equivalents: {
    config: ['MULTI_REGION_CLOUD_TRAIL_ENABLED'],
    securityHub: ['CloudTrail.1'],
    prowler: ['cloudtrail_multi_region_enabled'],
    steampipe: ['cloudtrail_multi_region_read_write_enabled'],
    custodian: ['account: check-cloudtrail'],
  },
  parameters: Parameters,
  needs: ['s3BucketName'],
  facts: TrailFacts,
  permissions: {
    list: TRAIL_READS,
    get: TRAIL_READS,
    fix: [
      { action: 'cloudtrail:CreateTrail', resource: TRAILS },
      { action: 'cloudtrail:UpdateTrail', resource: TRAILS },
      { action: 'cloudtrail:StartLogging', resource: TRAILS },
    ],
    undo: [
      { action: 'cloudtrail:DeleteTrail', resource: TRAILS },
      { action: 'cloudtrail:UpdateTrail', resource: TRAILS },
      { action: 'cloudtrail:StopLogging', resource: TRAILS },
    ],
  },

  observe: observeAccountTrails(async (trails) => ({ trails: await observeEach(trails, observeTrail) })),

  judge: ({ trails }, { parameters }) => {
    const counted = trails.filter((trail) => parameters.acceptOrganizationTrail || !trail.organization);
    const lacking = counted.map((trail) => ({
      name: trail.name,
      shortcomings: shortcomingsOf(trail, parameters),
    }));
    if (lacking.some(({ shortcomings }) => shortcomings.length === 0)) return compliant();
    if (lacking.length > 0) return nonCompliant(annotationOf(NO_TRAIL, lacking));
    return nonCompliant(
      trails.length > 0 ? 'The account has no trail of its own.' : 'No trail records the account.',
    );
  },

  fix: fixTrails,

  undo: {
    operations: [
      operation(CloudTrailClient, DeleteTrailCommand),
      operation(CloudTrailClient, StopLoggingCommand),
      operation(CloudTrailClient, UpdateTrailCommand),
    ],
  },
});
