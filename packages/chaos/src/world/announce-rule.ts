import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  GetBucketRequestPaymentCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  S3Client,
  paginateListBuckets,
} from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  call,
  change,
  compliant,
  defineRule,
  defineSharedDocument,
  edit,
  hasCode,
  nonCompliant,
  operation,
  undoCall,
  type Session,
} from '@compliance/core/rule';
import * as z from 'zod';

const RESOURCE_TYPE = 'AWS::S3::Bucket';

/** Topics are in another Region, so that steps of one change are in two. */
export const TOPIC_REGION = 'us-east-1';
export const topicOf = (bucket: string) => `${bucket}-announced`;
const topicArn = (bucket: string, { accountId, partition }: Session) =>
  `arn:${partition}:sns:${TOPIC_REGION}:${accountId}:${topicOf(bucket)}`;

/** The bucket whose policy all fixes of an account edit. */
export const SHARED_BUCKET = 'shared-policy';
export const statementOf = (bucket: string) => `Keep-${bucket}`;

const Policy = z.object({ Statement: z.array(z.object({ Sid: z.string(), Effect: z.string() })) });
type Policy = z.infer<typeof Policy>;

const policyDocument = defineSharedDocument<Policy>({
  kind: 's3/bucket-policy',
  defaults: { Statement: [] },
  read: async (Bucket, session) => {
    try {
      const { Policy: text = '' } = await session
        .client(S3Client)
        .send(new GetBucketPolicyCommand({ Bucket }));
      return Policy.parse(JSON.parse(text));
    } catch (error) {
      if (hasCode(error, 'NoSuchBucketPolicy')) return undefined;
      throw error;
    }
  },
  write: async (Bucket, content, session) => {
    const command = new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(content) });
    await session.client(S3Client).send(command);
  },
  remove: async (Bucket, session) => {
    await session.client(S3Client).send(new DeleteBucketPolicyCommand({ Bucket }));
  },
});

const hasTopic = async (bucket: string, session: Session): Promise<boolean> => {
  const client = session.at(TOPIC_REGION).client(SNSClient);
  try {
    await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn(bucket, session) }));
    return true;
  } catch (error) {
    if (hasCode(error, 'NotFoundException')) return false;
    throw error;
  }
};

/** A rule whose fix has every kind of step: a call, one in another Region whose undo needs its answer, and an edit. */
export const announceRule = defineRule({
  command: 'EXAMPLE_ANNOUNCE_BUCKETS',
  title: 'Buckets are announced',
  rationale: 'A simulation needs a fix of several steps.',
  severity: 'high',
  resourceType: RESOURCE_TYPE,
  resource: { tagFilter: 's3', arn: (id, { partition }) => `arn:${partition}:s3:::${id}` },
  deploy: 'every-region',
  triggers: ['schedule'],
  controls: { example: ['1.2'] },
  parameters: z.object({}),
  facts: z.object({ payer: z.string(), topic: z.boolean(), statement: z.boolean() }),
  permissions: {
    list: ['s3:ListAllMyBuckets'],
    get: ['s3:GetBucketRequestPayment', 's3:GetBucketPolicy', 'sns:GetTopicAttributes'],
    fix: ['s3:PutBucketRequestPayment', 's3:PutBucketPolicy', 'sns:CreateTopic'],
    undo: ['s3:PutBucketRequestPayment', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy', 'sns:DeleteTopic'],
  },

  observe: {
    get: async ({ resourceId: Bucket }, { session }) => {
      try {
        const { Payer: payer = 'BucketOwner' } = await session
          .client(S3Client)
          .send(new GetBucketRequestPaymentCommand({ Bucket }));
        const topic = await hasTopic(Bucket, session);
        const policy = await policyDocument.read(SHARED_BUCKET, session);
        const statement = policy?.Statement.some(({ Sid }) => Sid === statementOf(Bucket)) ?? false;
        return { facts: { payer, topic, statement }, identity: { resourceName: Bucket } };
      } catch (error) {
        if (hasCode(error, 'NoSuchBucket')) return undefined;
        throw error;
      }
    },
    list: async function* ({ session }) {
      const client = session.client(S3Client);
      for await (const { Buckets = [] } of paginateListBuckets({ client }, { BucketRegion: session.region }))
        for (const { Name } of Buckets)
          if (Name !== undefined)
            yield { resource: { resourceType: RESOURCE_TYPE, resourceId: Name, resourceName: Name } };
    },
  },

  judge: ({ payer, topic, statement }) =>
    payer === 'BucketOwner' && topic && statement
      ? compliant()
      : nonCompliant(`Payer ${payer}, topic ${topic}, statement ${statement}.`),

  fix: ({ resource: { resourceId: Bucket }, facts: { payer, topic, statement } }) => {
    const pays = (Payer: 'BucketOwner' | 'Requester') => ({ Bucket, RequestPaymentConfiguration: { Payer } });
    return change({
      description: `Announce ${Bucket}`,
      risk: 'safe',
      steps: [
        ...(payer === 'BucketOwner'
          ? []
          : [
              call(S3Client, PutBucketRequestPaymentCommand, pays('BucketOwner'), {
                undo: undoCall(S3Client, PutBucketRequestPaymentCommand, pays('Requester'), {
                  alreadyDone: ['NoSuchBucket'],
                }),
              }),
            ]),
        ...(topic
          ? []
          : [
              call(
                SNSClient,
                CreateTopicCommand,
                { Name: topicOf(Bucket) },
                {
                  region: TOPIC_REGION,
                  undo: ({ TopicArn }) =>
                    undoCall(SNSClient, DeleteTopicCommand, { TopicArn }, { region: TOPIC_REGION }),
                },
              ),
            ]),
        ...(statement
          ? []
          : [
              edit(
                policyDocument,
                ({ Statement }: Policy) => ({
                  Statement: [
                    ...Statement.filter(({ Sid }) => Sid !== statementOf(Bucket)),
                    { Sid: statementOf(Bucket), Effect: 'Deny' },
                  ],
                }),
                { key: SHARED_BUCKET },
              ),
            ]),
      ],
      inCode: { terraform: 'aws_sns_topic: name' },
    });
  },

  undo: {
    operations: [
      operation(S3Client, PutBucketRequestPaymentCommand),
      operation(SNSClient, DeleteTopicCommand),
    ],
    documents: [policyDocument],
  },
});
