import {
  CloudTrailClient,
  DeleteTrailCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { ACCOUNT_TYPE, compliant, defineRule, nonCompliant, operation } from '@compliance/core/rule';

import { fixTrails } from './fix-trails.ts';
import { TrailFacts, describeTrails, observeTrails } from './observe-trails.ts';
import { Parameters } from './parameters.ts';
import { shortcomingsOf, type Trail } from './trail.ts';

const TRAILS = 'arn:*:cloudtrail:*:*:trail/*';
const READS = ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'];

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
  parameters: Parameters,
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

  observe: {
    get: async (_, { session }) => ({ facts: await observeTrails(await describeTrails(session), session) }),
    list: async function* ({ session }) {
      // The rules on trails share one listing per sweep and Region.
      const described = await session.once('cloudtrail/trails', () => describeTrails(session));
      yield {
        resource: { resourceType: ACCOUNT_TYPE, resourceId: session.accountId },
        facts: await observeTrails(described, session),
      };
    },
  },

  judge: ({ trails }, { parameters }) => {
    const counted = trails.filter((trail) => parameters.acceptOrganizationTrail || !trail.organization);
    if (counted.some((trail) => shortcomingsOf(trail, parameters).length === 0)) return compliant();
    if (counted.length > 0)
      return nonCompliant(
        `No trail records all management events of all Regions: ${describe(counted, parameters)}.`,
      );
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

const SHOWN = 2;
const SHOWN_LENGTH = 80;

/** Describes the first trails and their first shortcomings, short enough for an annotation. */
const describe = (trails: readonly Trail[], parameters: Parameters): string => {
  const shown = trails.slice(0, SHOWN).map((trail) => {
    const texts = shortcomingsOf(trail, parameters).map(({ text }) => text);
    const line = `${trail.name} ${texts.join(', ')}`;
    return line.length <= SHOWN_LENGTH ? line : `${line.slice(0, SHOWN_LENGTH - 3)}...`;
  });
  const more = trails.length > SHOWN ? `; and ${trails.length - SHOWN} more` : '';
  return `${shown.join('; ')}${more}`;
};
