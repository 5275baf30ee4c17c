import {
  DeletePublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import {
  ACCOUNT_TYPE,
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  observeAccount,
  operation,
  undoCall,
} from '@compliance/core/rule';
import {
  accountBlock,
  BLOCK_FLAGS,
  BLOCK_IN_TERRAFORM,
  blockWithout,
  EXPOSURE_GRANTS,
  flagsOff,
  sharedAccountBlock,
} from '@compliance/s3-bucket';
import * as z from 'zod';

import { describeBuckets, publicBuckets } from './public-buckets.ts';

export const rule = defineRule({
  command: 'S3_BLOCK_ACCOUNT_PUBLIC_ACCESS',
  title: 'The account blocks public access to all its buckets',
  rationale:
    'A block for the whole account holds for buckets that somebody opens by mistake, and for new ones.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  impact:
    'Every public bucket and access point of the account closes at once: websites, downloads, sharing by ACLs. Uploads with a public ACL are refused.',
  triggers: ['schedule'],
  controls: {
    'cis-1.3': ['1.20'],
    'cis-1.4': ['2.1.5'],
    'cis-1.5': ['2.1.5'],
    'cis-2.0': ['2.1.4'],
    'cis-3.0': ['2.1.4'],
    'cis-4.0': ['2.1.4'],
    'cis-4.0.1': ['2.1.4'],
    'cis-5.0': ['2.1.4'],
    'cis-6.0': ['3.1.4'],
    'cis-7.0': ['3.1.4'],
    'aws-fsbp': ['S3.1'],
  },
  equivalents: {
    config: ['S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC', 'S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS'],
    securityHub: ['S3.1'],
    prowler: ['s3_account_level_public_access_blocks'],
    steampipe: ['s3_public_access_block_bucket_account'],
    custodian: ['account: s3-public-block'],
  },
  parameters: z.object({
    refuseIfPublicBucketsExist: z
      .boolean()
      .default(true)
      .describe('Whether a fix leaves an account alone in which a bucket is public now.'),
  }),
  facts: z.object({ set: z.boolean(), off: z.array(z.enum(BLOCK_FLAGS)) }),
  handles: z.object({ publicBuckets: z.array(z.string()) }),
  permissions: {
    list: ['s3:GetAccountPublicAccessBlock'],
    get: [
      's3:GetAccountPublicAccessBlock',
      's3:ListAllMyBuckets',
      's3:GetBucketPublicAccessBlock',
      ...EXPOSURE_GRANTS,
    ],
    fix: ['s3:PutAccountPublicAccessBlock'],
    undo: ['s3:PutAccountPublicAccessBlock'],
  },

  observe: observeAccount(
    async (session) => {
      const facts = factsOf(await accountBlock(session));
      return { facts, handles: { publicBuckets: await publicBuckets(facts.off, session) } };
    },
    async (session) => ({ facts: factsOf(await sharedAccountBlock(session)) }),
  ),

  judge: ({ set, off }) => {
    if (off.length === 0) return compliant();
    return nonCompliant(
      set
        ? `Block Public Access is off for the account: ${off.join(', ')}.`
        : 'Block Public Access was never set for the account.',
    );
  },

  fix: ({ facts: { set, off }, handles, parameters, accountId }) => {
    if (handles.publicBuckets.length > 0 && parameters.refuseIfPublicBucketsExist)
      return {
        manual: `Close or move what is public on purpose, then block public access for the account. Public now: ${describeBuckets(handles.publicBuckets, 10)}.`,
      };
    const account = { AccountId: accountId };
    return change({
      description: `Block public access to all buckets of the account. Public now: ${describeBuckets(handles.publicBuckets, 3)}`,
      risk: 'disruptive',
      steps: [
        call(
          S3ControlClient,
          PutPublicAccessBlockCommand,
          { ...account, PublicAccessBlockConfiguration: blockWithout([]) },
          {
            undo: set
              ? undoCall(S3ControlClient, PutPublicAccessBlockCommand, {
                  ...account,
                  PublicAccessBlockConfiguration: blockWithout(off),
                })
              : undoCall(S3ControlClient, DeletePublicAccessBlockCommand, account),
          },
        ),
      ],
      inCode: { terraform: `aws_s3_account_public_access_block: ${BLOCK_IN_TERRAFORM}` },
    });
  },

  undo: {
    operations: [
      operation(S3ControlClient, PutPublicAccessBlockCommand),
      operation(S3ControlClient, DeletePublicAccessBlockCommand),
    ],
  },
});

const factsOf = (block: Parameters<typeof flagsOff>[0]) => ({
  set: block !== undefined,
  off: flagsOff(block),
});
