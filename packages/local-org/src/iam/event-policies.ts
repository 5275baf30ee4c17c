import { CloudWatchLogsClient, DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createCache } from '../base/cache.ts';
import { placeKey } from '../base/place.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { Call } from '../protocol/call.ts';
import { parsePolicy, type PolicyDocument } from './policy.ts';

/** Reads the resource policies of event buses and CloudWatch Logs from the emulator. */
export interface EventPolicies {
  /** The policy of a bus: one or none. */
  readonly ofBus: (busArn: string) => Promise<readonly PolicyDocument[]>;
  /** The CloudWatch Logs policies of the account and Region in the ARN. */
  readonly ofLogs: (arn: string) => Promise<readonly PolicyDocument[]>;
  /** Receives every completed call; a write invalidates the cache. */
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
      return logs.read(placeKey({ accountId, region }), async () => {
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
