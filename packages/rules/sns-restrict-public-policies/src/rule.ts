import {
  GetTopicAttributesCommand,
  SNSClient,
  SetTopicAttributesCommand,
  paginateListTopics,
} from '@aws-sdk/client-sns';
import { definePolicyDocument } from '@compliance/policy-document';
import { restrictPublicPolicies } from '@compliance/public-policies';

import { defaultPolicy } from './default-policy.ts';

const topicPolicy = definePolicyDocument({
  kind: 'sns/topic-policy',
  read: async (TopicArn, session) => {
    const { Attributes } = await session.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn }));
    return Attributes?.['Policy'];
  },
  write: async (TopicArn, AttributeValue, session) => {
    const command = new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue });
    await session.client(SNSClient).send(command);
  },
  remove: async (TopicArn, session) => {
    const AttributeValue = JSON.stringify(defaultPolicy(TopicArn, session.accountId));
    const command = new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue });
    await session.client(SNSClient).send(command);
  },
});

const TOPICS = 'arn:*:sns:*:*:*';

export const rule = restrictPublicPolicies({
  command: 'SNS_RESTRICT_PUBLIC_POLICIES',
  noun: 'a topic',
  resourceType: 'AWS::SNS::Topic',
  resource: { tagFilter: 'sns' },
  triggers: ['schedule'],
  equivalents: { securityHub: ['SNS.4'], prowler: ['sns_topics_not_publicly_accessible'] },
  permissions: {
    list: ['sns:ListTopics'],
    get: ['sns:GetTopicAttributes'],
    fix: [{ action: 'sns:SetTopicAttributes', resource: TOPICS }],
    undo: [{ action: 'sns:SetTopicAttributes', resource: TOPICS }],
  },

  document: topicPolicy,
  ifEmptied: defaultPolicy,
  read: async (arn, session) => ({ policies: [{ key: arn, policy: await topicPolicy.read(arn, session) }] }),
  gone: ['NotFound', 'NotFoundException'],
  list: async function* (session) {
    for await (const { Topics = [] } of paginateListTopics({ client: session.client(SNSClient) }, {}))
      for (const { TopicArn } of Topics) if (TopicArn !== undefined) yield TopicArn;
  },
  nameOf: (arn) => arn.split(':').at(-1) ?? arn,

  inCode: {
    terraform: 'aws_sns_topic_policy: policy whose statements name their principals',
    cloudFormation: 'AWS::SNS::TopicPolicy: PolicyDocument whose statements name their principals',
  },
});
