import {
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
  paginateListQueues,
} from '@aws-sdk/client-sqs';
import type { Session } from '@compliance/core/rule';
import { definePolicyDocument } from '@compliance/policy-document';
import { restrictPublicPolicies } from '@compliance/public-policies';

/** An empty text removes the policy. */
const write = async (QueueUrl: string, Policy: string, session: Session) => {
  await session.client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
};

const queuePolicy = definePolicyDocument({
  kind: 'sqs/queue-policy',
  read: async (QueueUrl, session) => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] });
    const { Attributes } = await session.client(SQSClient).send(command);
    return Attributes?.['Policy'] === '' ? undefined : Attributes?.['Policy'];
  },
  write,
  remove: (url, session) => write(url, '', session),
});

const QUEUES = 'arn:*:sqs:*:*:*';

export const rule = restrictPublicPolicies({
  command: 'SQS_RESTRICT_PUBLIC_POLICIES',
  noun: 'a queue',
  resourceType: 'AWS::SQS::Queue',
  resource: {
    tagFilter: 'sqs',
    arn: (url, { partition, region, accountId }) =>
      `arn:${partition}:sqs:${region}:${accountId}:${url.split('/').at(-1) ?? ''}`,
  },
  triggers: ['schedule'],
  // Our data does not say that AWS FSBP contains it.
  fsbp: [],
  equivalents: { securityHub: ['SQS.3'], prowler: ['sqs_queues_not_publicly_accessible'] },
  permissions: {
    list: ['sqs:ListQueues'],
    get: ['sqs:GetQueueAttributes'],
    fix: [{ action: 'sqs:SetQueueAttributes', resource: QUEUES }],
    undo: [{ action: 'sqs:SetQueueAttributes', resource: QUEUES }],
  },

  document: queuePolicy,
  read: async (url, session) => ({ policies: [{ key: url, policy: await queuePolicy.read(url, session) }] }),
  gone: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  list: async function* (session) {
    const client = session.client(SQSClient);
    for await (const { QueueUrls = [] } of paginateListQueues({ client, pageSize: 1000 }, {}))
      yield* QueueUrls;
  },
  nameOf: (url) => url.split('/').at(-1) ?? url,

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
  effectiveAfter: { seconds: 60 },
  inCode: {
    terraform: 'aws_sqs_queue_policy: policy whose statements name their principals',
    cloudFormation: 'AWS::SQS::QueuePolicy: PolicyDocument whose statements name their principals',
  },
});
