import { change, compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import {
  leaveOrganizationTrail,
  observeTrailResources,
  TRAIL_SHAPE,
  UPDATE_TRAIL,
  UPDATE_TRAIL_UNDO,
  updateTrail,
} from '@compliance/trails';
import * as z from 'zod';

const READS = ['cloudtrail:DescribeTrails'];

export const rule = defineRule({
  command: 'CLOUDTRAIL_ENABLE_LOG_FILE_VALIDATION',
  title: 'Trails deliver digests that reveal changed log files',
  rationale:
    'Without a signed digest, nobody can prove that a log file is the one that CloudTrail delivered.',
  severity: 'low',
  resourceType: 'AWS::CloudTrail::Trail',
  resource: TRAIL_SHAPE,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['2.2'],
    'cis-1.3': ['3.2'],
    'cis-1.4': ['3.2'],
    'cis-1.5': ['3.2'],
    'cis-2.0': ['3.2'],
    'cis-3.0': ['3.2'],
    'cis-4.0': ['3.2'],
    'cis-4.0.1': ['3.2'],
    'cis-5.0': ['3.2'],
    'cis-6.0': ['4.2'],
    'cis-7.0': ['4.2'],
    'aws-fsbp': ['CloudTrail.4'],
  },
  equivalents: {
    config: ['CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED'],
    securityHub: ['CloudTrail.4'],
    prowler: ['cloudtrail_log_file_validation_enabled'],
    steampipe: ['cloudtrail_trail_validation_enabled'],
    custodian: ['cloudtrail: LogFileValidationEnabled'],
  },
  parameters: z.object({}),
  facts: z.object({ validated: z.boolean(), organization: z.boolean() }),
  permissions: { list: READS, get: READS, fix: [UPDATE_TRAIL], undo: [UPDATE_TRAIL] },

  observe: observeTrailResources({
    read: ({ LogFileValidationEnabled, IsOrganizationTrail }) => ({
      validated: LogFileValidationEnabled === true,
      organization: IsOrganizationTrail === true,
    }),
    item: ({ logFileValidationEnabled, isOrganizationTrail }) => ({
      validated: logFileValidationEnabled,
      organization: isOrganizationTrail,
    }),
  }),

  judge: ({ validated }) => (validated ? compliant() : nonCompliant('Log file validation is off.')),

  fix: ({ resource: { resourceId: name }, facts }) =>
    facts.organization
      ? leaveOrganizationTrail(name, 'Turn log file validation on')
      : change({
          description: `Turn log file validation on for trail ${name}; earlier log files stay without a digest`,
          risk: 'safe',
          steps: [updateTrail(name, { EnableLogFileValidation: true }, { EnableLogFileValidation: false })],
          inCode: {
            terraform: 'aws_cloudtrail: enable_log_file_validation = true',
            cloudFormation: 'AWS::CloudTrail::Trail: EnableLogFileValidation: true',
          },
        }),

  undo: UPDATE_TRAIL_UNDO,
});
