import { CloudTrailClient, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  ACCOUNT_TYPE,
  change,
  compliant,
  defineRule,
  nonCompliant,
  operation,
  shortened,
} from '@compliance/core/rule';
import { annotationOf, observeAccountTrails, observeEach, startLogging } from '@compliance/trails';
import * as z from 'zod';

import { covers, LocalTrail, observeLocalTrail, shortcomingsOf } from './local-trail.ts';
import { Parameters } from './parameters.ts';

const READS = ['cloudtrail:DescribeTrails', 'cloudtrail:ListTrails', 'cloudtrail:GetTrailStatus'];
const TRAILS = 'arn:*:cloudtrail:*:*:trail/*';

export const rule = defineRule({
  command: 'CLOUDTRAIL_ENABLE',
  title: 'A trail records the home Region of the account',
  rationale: 'CloudTrail keeps the history of events for 90 days only; a trail keeps it for good.',
  severity: 'high',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: { 'aws-fsbp': ['CloudTrail.3'] },
  partly: 'Other Regions and the kinds of events, which CLOUDTRAIL_ENABLE_MULTI_REGION covers.',
  equivalents: {
    config: ['CLOUD_TRAIL_ENABLED'],
    securityHub: ['CloudTrail.3'],
    prowler: ['cloudtrail_multi_region_enabled'],
    custodian: ['account: check-cloudtrail'],
  },
  parameters: Parameters,
  facts: z.object({ trails: z.array(LocalTrail) }),
  permissions: {
    list: READS,
    get: READS,
    fix: [{ action: 'cloudtrail:StartLogging', resource: TRAILS }],
    undo: [{ action: 'cloudtrail:StopLogging', resource: TRAILS }],
  },

  observe: observeAccountTrails(async (trails) => ({ trails: await observeEach(trails, observeLocalTrail) })),

  judge: ({ trails }, { parameters, region }) => {
    const lacking = trails
      .filter((trail) => covers(trail, region))
      .map((trail) => ({ name: trail.name, shortcomings: shortcomingsOf(trail, parameters) }));
    if (lacking.some(({ shortcomings }) => shortcomings.length === 0)) return compliant();
    const lead = `No trail records ${region}`;
    return nonCompliant(lacking.length > 0 ? annotationOf(lead, lacking) : `${lead}.`);
  },

  fix: ({ facts, parameters, region }) => {
    const stopped = facts.trails.find(
      (trail) =>
        covers(trail, region) &&
        !trail.organization &&
        shortcomingsOf(trail, parameters).every(({ remedy }) => remedy === 'StartLogging'),
    );
    // A second rule that creates trails would create a second one, and further copies of events are billed.
    if (!stopped)
      return {
        manual: `Let CLOUDTRAIL_ENABLE_MULTI_REGION create or correct a trail, or correct one that covers ${region}.`,
      };
    const { name, homeRegion } = stopped;
    if (!parameters.startStoppedTrails)
      return { manual: `Start trail ${name} in ${homeRegion}, if that is meant.` };
    return change({
      description: `Start trail ${shortened(name)} in ${shortened(homeRegion)}`,
      risk: 'safe',
      steps: [startLogging(name, homeRegion)],
      inCode: {
        terraform: 'aws_cloudtrail: enable_logging = true',
        cloudFormation: 'AWS::CloudTrail::Trail: IsLogging: true',
      },
    });
  },

  undo: { operations: [operation(CloudTrailClient, StopLoggingCommand)] },
});
