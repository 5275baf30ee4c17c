import {
  CloudTrailClient,
  DeleteTrailCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  observeAccount,
  operation,
  type Session,
} from '@compliance/core/rule';

import { annotationOf } from './annotation.ts';
import { fixTrails } from './fix-trails.ts';
import { TrailFacts, describeTrails, observeTrails } from './observe-trails.ts';
import { Parameters } from './parameters.ts';
import { shortcomingsOf } from './trail.ts';

const TRAILS = 'arn:*:cloudtrail:*:*:trail/*';
const READS = [
  'cloudtrail:DescribeTrails',
  'cloudtrail:ListTrails',
  'cloudtrail:GetTrailStatus',
  'cloudtrail:GetEventSelectors',
];

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
    list: READS,
    get: READS,
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

  observe: observeAccount(
    async (session) => ({ facts: await observeTrails(await describeTrails(session), session) }),
    async (session) => ({ facts: await observeTrails(await describeOnce(session), session) }),
  ),

  judge: ({ trails }, { parameters }) => {
    const counted = trails.filter((trail) => parameters.acceptOrganizationTrail || !trail.organization);
    if (counted.some((trail) => shortcomingsOf(trail, parameters).length === 0)) return compliant();
    if (counted.length > 0) return nonCompliant(annotationOf(counted, parameters));
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

// The rules on trails share one listing per sweep and Region.
const describeOnce = (session: Session) => session.once('cloudtrail/trails', () => describeTrails(session));
