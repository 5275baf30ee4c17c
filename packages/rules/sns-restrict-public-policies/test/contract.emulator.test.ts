import { CreateTopicCommand, GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { describeRuleContract, emulatedAccount } from '@compliance/core/testing';
import { policyFixtures } from '@compliance/public-policies/testing';
import { expect, test } from 'vitest';

import { defaultPolicy } from '../src/default-policy.ts';
import { rule } from '../src/rule.ts';

const { compliant, nonCompliant, onlyForEverybody } = policyFixtures({
  action: 'sns:Publish',
  seed: async (policyOf, admin) => {
    const { accountId, region } = admin;
    const policy = policyOf && { Policy: policyOf(`arn:aws:sns:${region}:${accountId}:alarms`) };
    const command = new CreateTopicCommand({ Name: 'alarms', Attributes: { ...policy } });
    const { TopicArn = '' } = await admin.client(SNSClient).send(command);
    return { resourceType: 'AWS::SNS::Topic', resourceId: TopicArn };
  },
});

describeRuleContract(rule, {
  compliant,
  nonCompliant: { ...nonCompliant, 'a policy for everybody alone': onlyForEverybody },
  gone: { resourceType: 'AWS::SNS::Topic', resourceId: 'arn:aws:sns:eu-west-1:111122223333:gone' },
});

test('a topic without any statement gets the policy that SNS gives a new topic', async () => {
  const { admin, accountId } = await emulatedAccount();
  const client = admin.client(SNSClient);
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'alarms' }));
  const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(JSON.parse(Attributes?.['Policy'] ?? '')).toEqual(defaultPolicy(TopicArn, accountId));
});
