import { EC2Client, ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import {
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  operation,
  undoCall,
} from '@compliance/core/rule';
import { INSTANCE, instanceShape } from '@compliance/ec2-instances';
import * as z from 'zod';

import { MAX_DAYS, needOfTokenlessCalls } from './metadata-calls.ts';
import { Facts, Handles, isCompliant, observe } from './observe.ts';

const modify = {
  action: 'ec2:ModifyInstanceMetadataOptions',
  resource: 'arn:*:ec2:*:*:instance/*',
} as const;

export const rule = defineRule({
  command: 'EC2_REQUIRE_IMDSV2',
  title: 'EC2 instances give credentials only for a session token (IMDSv2)',
  rationale:
    'A server that can be made to fetch a URL gives away the credentials of its role, unless a token is required.',
  severity: 'high',
  resourceType: INSTANCE,
  resource: instanceShape,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  impact:
    'Software that calls IMDS without a token, such as an old SDK, loses its credentials. Containers may need a hop limit of 2.',
  controls: {
    'cis-2.0': ['5.6'],
    'cis-3.0': ['5.6'],
    'cis-4.0': ['5.7'],
    'cis-4.0.1': ['5.7'],
    'cis-5.0': ['5.7'],
    'cis-6.0': ['6.7'],
    'cis-7.0': ['6.7'],
    'aws-fsbp': ['EC2.8'],
  },
  equivalents: {
    config: ['EC2_IMDSV2_CHECK'],
    securityHub: ['EC2.8'],
    prowler: ['ec2_instance_imdsv2_enabled'],
    steampipe: ['ec2_instance_uses_imdsv2'],
    custodian: ['ec2: MetadataOptions.HttpTokens'],
  },
  parameters: z.object({
    hopLimit: z
      .int()
      .min(1)
      .max(64)
      .nullable()
      .default(null)
      .describe('The hop limit that a fix also sets. null: it stays as it is.'),
    requireZeroNoTokenUsageDays: z
      .int()
      .min(1)
      .max(MAX_DAYS)
      .nullable()
      .default(14)
      .describe(
        'The last days in which the instance must not have called IMDS without a token. Otherwise, a fix is left to a person. null: do not look.',
      ),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['ec2:DescribeInstances'],
    get: ['ec2:DescribeInstances', 'cloudwatch:GetMetricStatistics'],
    fix: [modify],
    undo: [modify],
  },

  observe,

  judge: (facts) => {
    if (facts.terminated) return notApplicable('The instance is terminated.');
    if (isCompliant(facts)) return compliant();
    return nonCompliant(`IMDS is ${facts.endpoint} and its tokens are ${facts.tokens}.`);
  },

  fix: ({ resource: { resourceId }, handles, parameters, now }) => {
    const { hopLimit, requireZeroNoTokenUsageDays: days } = parameters;
    const need = days === null ? undefined : needOfTokenlessCalls(handles.calls, days, now);
    if (need !== undefined)
      return { manual: `Update what runs on ${resourceId} and require tokens: ${need}.` };
    const unused = days === null ? '' : `, without which it made no call in ${days} days`;
    return change<Facts>({
      description: `Require a token for the calls of IMDS on ${resourceId}${unused}`,
      risk: 'disruptive',
      steps: [
        call(
          EC2Client,
          ModifyInstanceMetadataOptionsCommand,
          {
            InstanceId: resourceId,
            // Only this: HttpEndpoint would open an endpoint that is disabled by then.
            HttpTokens: 'required',
            ...(hopLimit !== null && { HttpPutResponseHopLimit: hopLimit }),
          },
          {
            undo: undoCall(EC2Client, ModifyInstanceMetadataOptionsCommand, {
              InstanceId: resourceId,
              HttpTokens: 'optional',
              ...(hopLimit !== null && { HttpPutResponseHopLimit: handles.hopLimit }),
            }),
          },
        ),
      ],
      inCode: {
        terraform: 'aws_instance, or aws_launch_template: metadata_options: http_tokens = "required"',
        cloudFormation: 'AWS::EC2::LaunchTemplate: LaunchTemplateData: MetadataOptions: HttpTokens: required',
      },
    });
  },

  undo: { operations: [operation(EC2Client, ModifyInstanceMetadataOptionsCommand)] },
});
