import {
  DescribeEventBusCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  PutPermissionCommand,
  RemovePermissionCommand,
  type ListEventBusesCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { definePolicyDocument } from '@compliance/policy-document';
import { restrictPublicPolicies } from '@compliance/public-policies';

const busPolicy = definePolicyDocument({
  kind: 'events/bus-policy',
  read: async (Name, session) =>
    (await session.client(EventBridgeClient).send(new DescribeEventBusCommand({ Name }))).Policy,
  write: async (EventBusName, Policy, session) => {
    await session.client(EventBridgeClient).send(new PutPermissionCommand({ EventBusName, Policy }));
  },
  remove: async (EventBusName, session) => {
    const command = new RemovePermissionCommand({ EventBusName, RemoveAllPermissions: true });
    await session.client(EventBridgeClient).send(command);
  },
});

export const rule = restrictPublicPolicies({
  command: 'EVENTS_RESTRICT_PUBLIC_POLICIES',
  noun: 'an event bus',
  resourceType: 'AWS::Events::EventBus',
  resource: {
    tagFilter: 'events:event-bus',
    arn: (name, { partition, region, accountId }) =>
      `arn:${partition}:events:${region}:${accountId}:event-bus/${name}`,
  },
  triggers: ['schedule'],
  equivalents: { prowler: ['eventbridge_bus_exposed'] },
  permissions: {
    list: ['events:ListEventBuses'],
    get: ['events:DescribeEventBus'],
    // IAM knows no resource of either: a grant on ARNs of buses would allow neither.
    fix: ['events:PutPermission', 'events:RemovePermission'],
    undo: ['events:PutPermission'],
  },

  document: busPolicy,
  read: async (name, session) => ({ policies: [{ key: name, policy: await busPolicy.read(name, session) }] }),
  gone: ['ResourceNotFoundException'],
  list: async function* (session) {
    let page: Partial<ListEventBusesCommandOutput> = {};
    do {
      const command: ListEventBusesCommand = new ListEventBusesCommand({ NextToken: page.NextToken });
      page = await session.client(EventBridgeClient).send(command);
      for (const { Name } of page.EventBuses ?? []) if (Name !== undefined) yield Name;
    } while (page.NextToken !== undefined);
  },

  inCode: {
    terraform: 'aws_cloudwatch_event_bus_policy: policy whose statements name their principals',
    cloudFormation: 'AWS::Events::EventBusPolicy: Statement that names its principals',
  },
});
