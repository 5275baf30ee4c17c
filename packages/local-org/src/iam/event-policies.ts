import { CloudWatchLogsClient, DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import { createCache } from '../base/cache.ts';
import type { Call } from '../protocol/call.ts';
import { parsePolicy, type PolicyDocument } from './policy.ts';

/** The resource policies on the way of an event, as the emulator keeps them. */
export interface EventPolicies {
  /** Of a bus, at most one. */
  readonly ofBus: (busArn: string) => Promise<readonly PolicyDocument[]>;
  /** Of CloudWatch Logs, for all log groups of the account and Region that an ARN is in. */
  readonly ofLogs: (arn: string) => Promise<readonly PolicyDocument[]>;
  /** To be told of every call that passed: a write makes what we read stale. */
  readonly onCompleted: (call: Call) => void;
}

export const createEventPolicies = (clients: EmulatorClients): EventPolicies => {
  const buses = createCache<readonly PolicyDocument[]>();
  const logs = createCache<readonly PolicyDocument[]>();
  return {
    ofBus: async (arn) =>
      buses.read(arn, async () => {
        const { accountId, region, name } = parseArn(arn);
        const request = new DescribeEventBusCommand({ Name: name });
        const bus = await undefinedIfNotFound(
          clients(EventBridgeClient, { accountId, region }).send(request),
          'ResourceNotFoundException',
        );
        return bus?.Policy === undefined ? [] : [parsePolicy(bus.Policy)];
      }),
    ofLogs: async (arn) => {
      const { accountId, region } = parseArn(arn);
      return logs.read(`${accountId}/${region}`, async () => {
        const { resourcePolicies = [] } = await clients(CloudWatchLogsClient, { accountId, region }).send(
          new DescribeResourcePoliciesCommand({}),
        );
        return resourcePolicies.map(({ policyDocument = '' }) => parsePolicy(policyDocument));
      });
    },
    onCompleted: (call) => {
      const { service, operation } = call;
      if (writesEventBridge(call)) buses.invalidate();
      if (service === 'logs' && /^(Put|Delete)ResourcePolicy$/.test(operation)) logs.invalidate();
    },
  };
};

/** Whether a call may change buses, rules or targets. */
export const writesEventBridge = ({ service, operation }: Call): boolean =>
  service === 'events' && !/^(Describe|List|Test|PutEvents)/.test(operation);

const parseArn = (arn: string) => {
  const [, , , region = '', accountId = '', path = ''] = arn.split(':');
  return { region, accountId, name: path.replace('event-bus/', '') };
};
