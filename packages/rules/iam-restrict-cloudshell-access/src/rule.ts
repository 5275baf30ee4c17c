import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  firstOf,
  nonCompliant,
  observeAccount,
} from '@compliance/core/rule';
import {
  ATTACH_AGAIN,
  AttachedTo,
  attachedTo,
  describeEntity,
  entitiesIn,
  managedPolicyArn,
  planDetachment,
} from '@compliance/iam-account';
import * as z from 'zod';

const POLICY = 'AWSCloudShellFullAccess';
const READS = ['iam:ListEntitiesForPolicy'];

/** A grant that changes who has this one policy, and no other. */
const ofPolicy = (action: string) => ({
  action,
  resource: '*',
  condition: { ArnLike: { 'iam:PolicyARN': `arn:*:iam::aws:policy/${POLICY}` } },
});

export const rule = defineRule({
  command: 'IAM_RESTRICT_CLOUDSHELL_ACCESS',
  title: 'Nobody has full access to CloudShell',
  rationale:
    'Full access includes the upload and download of files: a way to take data out that no network control sees.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-2.0': ['1.22'],
    'cis-3.0': ['1.22'],
    'cis-4.0': ['1.22'],
    'cis-4.0.1': ['1.22'],
    'cis-5.0': ['1.21'],
    'cis-6.0': ['2.21'],
    'cis-7.0': ['2.20'],
  },
  equivalents: {
    config: ['IAM_POLICY_BLACKLISTED_CHECK'],
    securityHub: ['IAM.27'],
    prowler: ['iam_policy_cloudshell_admin_not_attached'],
    steampipe: ['iam_user_group_role_cloudshell_fullaccess_restricted'],
    custodian: ['iam-*/has-specific-managed-policy'],
  },
  parameters: z.object({}),
  impact: 'Those who have the policy cannot open CloudShell any more. Other access of theirs stays.',
  facts: AttachedTo,
  permissions: {
    list: READS,
    get: READS,
    fix: ['iam:DetachUserPolicy', 'iam:DetachGroupPolicy', 'iam:DetachRolePolicy'].map(ofPolicy),
    undo: ['iam:AttachUserPolicy', 'iam:AttachGroupPolicy', 'iam:AttachRolePolicy'].map(ofPolicy),
  },

  observe: observeAccount(async (session) => ({
    facts: await attachedTo(managedPolicyArn(POLICY, session.partition), session),
  })),

  judge: (facts) => {
    const everyone = entitiesIn(facts);
    if (everyone.length === 0) return compliant();
    return nonCompliant(`${POLICY} is attached to ${firstOf(everyone.map(describeEntity))}.`);
  },

  fix: ({ facts, partition }) =>
    planDetachment(entitiesIn(facts), {
      policyArn: managedPolicyArn(POLICY, partition),
      // CloudShell works for them now, and stops.
      describe: (entities) =>
        `Detach ${POLICY} from ${firstOf(entities.map(describeEntity))}; their CloudShell stops`,
      inCode: {
        terraform: `aws_iam_user_policy_attachment, aws_iam_group_policy_attachment, aws_iam_role_policy_attachment: remove those of ${POLICY}`,
        cloudFormation: `AWS::IAM::User, AWS::IAM::Group, AWS::IAM::Role: remove ${POLICY} from ManagedPolicyArns`,
      },
    }),

  undo: ATTACH_AGAIN,
});
