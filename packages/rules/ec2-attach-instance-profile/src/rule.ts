import {
  AssociateIamInstanceProfileCommand,
  DisassociateIamInstanceProfileCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  operation,
  shortened,
  undoCall,
} from '@compliance/core/rule';
import { INSTANCE, instanceShape } from '@compliance/ec2-instances';
import * as z from 'zod';

import { Facts, observe } from './observe.ts';

const onInstances = (action: string) => ({ action, resource: 'arn:*:ec2:*:*:instance/*' });

export const rule = defineRule({
  command: 'EC2_ATTACH_INSTANCE_PROFILE',
  title: 'EC2 instances have the role of an instance profile',
  rationale:
    'Software on an instance without a role needs access keys in a file, which never expire and are easily copied.',
  severity: 'medium',
  resourceType: INSTANCE,
  resource: instanceShape,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  impact:
    'Software that reads keys from a file or a variable may use the role instead, and lack permissions.',
  controls: {
    'cis-1.2': ['1.19'],
    'cis-1.3': ['1.18'],
    'cis-1.4': ['1.18'],
    'cis-1.5': ['1.18'],
    'cis-2.0': ['1.18'],
    'cis-3.0': ['1.18'],
    'cis-4.0': ['1.18'],
    'cis-4.0.1': ['1.18'],
    'cis-5.0': ['1.17'],
    'cis-6.0': ['2.17'],
    'cis-7.0': ['2.16'],
  },
  equivalents: {
    config: ['EC2_INSTANCE_PROFILE_ATTACHED'],
    prowler: ['ec2_instance_profile_attached'],
    steampipe: ['ec2_instance_using_iam_instance_role'],
    custodian: ['ec2: IamInstanceProfile absent'],
  },
  parameters: z.object({
    instanceProfileName: z
      .string()
      .min(1)
      .max(128)
      .nullable()
      .default(null)
      .describe('The instance profile of the account that a fix attaches.'),
    instanceProfileRoleArn: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'The role of that profile, such as arn:{partition}:iam::{accountId}:role/server. A fix may pass only this role to an instance.',
      ),
  }),
  needs: ['instanceProfileName', 'instanceProfileRoleArn'],
  facts: Facts,
  permissions: {
    list: ['ec2:DescribeInstances', 'iam:ListInstanceProfiles'],
    get: ['ec2:DescribeInstances', 'iam:GetInstanceProfile'],
    fix: [
      onInstances('ec2:AssociateIamInstanceProfile'),
      {
        action: 'iam:PassRole',
        resource: 'arn:*:iam::*:role/*',
        resourceFrom: 'instanceProfileRoleArn',
        condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
        implied: true,
      },
    ],
    undo: [onInstances('ec2:DisassociateIamInstanceProfile')],
  },

  observe,

  judge: ({ terminated, profile }) => {
    if (terminated) return notApplicable('The instance is terminated.');
    if (profile === null) return nonCompliant('The instance has no instance profile.');
    const { name, problem } = profile;
    return problem === undefined
      ? compliant()
      : nonCompliant(`The instance profile ${shortened(name)} ${PROBLEM[problem]}.`);
  },

  fix: ({ resource: { resourceId }, facts: { profile }, parameters }) => {
    const { instanceProfileName, instanceProfileRoleArn } = parameters;
    if (profile !== null) return { manual: repair(resourceId, profile) };
    if (instanceProfileName === null || instanceProfileRoleArn === null)
      return {
        manual:
          'Set the parameters instanceProfileName and instanceProfileRoleArn to the profile that a fix attaches and to its role.',
      };
    return change<Facts>({
      description: `Attach the instance profile ${instanceProfileName} to ${resourceId}`,
      risk: 'disruptive',
      steps: [
        call(
          EC2Client,
          AssociateIamInstanceProfileCommand,
          { InstanceId: resourceId, IamInstanceProfile: { Name: instanceProfileName } },
          {
            undo: ({ IamInstanceProfileAssociation: association }) =>
              undoCall(
                EC2Client,
                DisassociateIamInstanceProfileCommand,
                { AssociationId: association?.AssociationId },
                { alreadyDone: ['InvalidAssociationID.NotFound'] },
              ),
          },
        ),
      ],
      inCode: {
        terraform: `aws_instance: iam_instance_profile = "${instanceProfileName}"`,
        cloudFormation: `AWS::EC2::Instance: IamInstanceProfile: ${instanceProfileName}`,
      },
    });
  },

  undo: { operations: [operation(EC2Client, DisassociateIamInstanceProfileCommand)] },
});

const PROBLEM = {
  gone: 'is deleted, so it gives no credentials',
  recreated: 'was deleted and made again, so it gives no credentials',
  'without-role': 'has no role',
} as const;

const repair = (instanceId: string, { name, problem }: NonNullable<Facts['profile']>): string =>
  problem === 'without-role'
    ? `Add to the instance profile ${name} the role that the software on ${instanceId} needs.`
    : `Replace the deleted instance profile ${name} of ${instanceId} by one with the role that its software needs.`;
