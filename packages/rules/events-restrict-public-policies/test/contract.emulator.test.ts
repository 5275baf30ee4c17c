import { CreateEventBusCommand, EventBridgeClient, PutPermissionCommand } from '@aws-sdk/client-eventbridge';
import { describeRuleContract } from '@compliance/core/testing';
import { policyFixtures } from '@compliance/public-policies/testing';

import { rule } from '../src/rule.ts';

const { compliant, nonCompliant, onlyForEverybody } = policyFixtures({
  action: 'events:PutEvents',
  seed: async (policyOf, admin) => {
    const client = admin.client(EventBridgeClient);
    const EventBusName = `orders-${admin.region}`;
    const { EventBusArn = '' } = await client.send(new CreateEventBusCommand({ Name: EventBusName }));
    if (policyOf)
      await client.send(new PutPermissionCommand({ EventBusName, Policy: policyOf(EventBusArn) }));
    return { resourceType: 'AWS::Events::EventBus', resourceId: EventBusName };
  },
});

describeRuleContract(rule, {
  compliant,
  nonCompliant: { ...nonCompliant, 'a policy for everybody alone': onlyForEverybody },
  gone: { resourceType: 'AWS::Events::EventBus', resourceId: 'gone' },
});
