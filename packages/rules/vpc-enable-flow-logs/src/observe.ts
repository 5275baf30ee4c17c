import { EC2Client, paginateDescribeFlowLogs, type FlowLog, type Subnet } from '@aws-sdk/client-ec2';
import type { Rule, Session } from '@compliance/core/rule';
import { describeVpc, sharedSubnets, sharedVpcs, subnetsWith, vpcResource } from '@compliance/vpc-network';

import { observationOf, type VpcFacts, type VpcHandles } from './flow-logs.ts';

// A VPC's configuration item has no flow logs, so a change is evaluated with `get`.
export const observeFlowLogs: Rule<VpcFacts, unknown, VpcHandles>['observe'] = {
  get: async ({ resourceId }, { session }) => {
    const vpc = await describeVpc(resourceId, session);
    if (!vpc) return undefined;
    const subnets = await subnetsWith([{ Name: 'vpc-id', Values: [resourceId] }], session);
    const ids = [resourceId, ...subnets.map(({ SubnetId = '' }) => SubnetId)];
    const flowLogs = byResource(await flowLogsOf(ids, session));
    return observationOf(vpc.OwnerId ?? session.accountId, {
      ofVpc: flowLogs.get(resourceId) ?? [],
      ofSubnets: ofSubnets(subnets, flowLogs),
    });
  },
  list: async function* ({ session }) {
    const flowLogs = byResource(await listFlowLogs(session));
    // Most accounts log whole VPCs, so that their subnets need no call.
    const subnets = [...flowLogs.keys()].some((id) => id.startsWith('subnet-'))
      ? await sharedSubnets(session)
      : [];
    for (const vpc of await sharedVpcs(session))
      yield {
        resource: vpcResource(vpc),
        ...observationOf(vpc.OwnerId ?? session.accountId, {
          ofVpc: flowLogs.get(vpc.VpcId ?? '') ?? [],
          ofSubnets: ofSubnets(
            subnets.filter(({ VpcId }) => VpcId === vpc.VpcId),
            flowLogs,
          ),
        }),
      };
  },
};

type ByResource = ReadonlyMap<string, readonly FlowLog[]>;

const byResource = (flowLogs: readonly FlowLog[]): ByResource =>
  Map.groupBy(flowLogs, ({ ResourceId = '' }) => ResourceId);

const ofSubnets = (subnets: readonly Subnet[], flowLogs: ByResource): (readonly FlowLog[])[] =>
  subnets.map(({ SubnetId = '' }) => flowLogs.get(SubnetId) ?? []);

/** A filter takes 200 values at most, as many as a VPC has subnets by default. */
const VALUES = 200;

const flowLogsOf = async (ids: readonly string[], session: Session): Promise<FlowLog[]> => {
  const found: FlowLog[] = [];
  for (let start = 0; start < ids.length; start += VALUES)
    found.push(...(await listFlowLogs(session, ids.slice(start, start + VALUES))));
  return found;
};

const listFlowLogs = async (session: Session, ids?: string[]): Promise<FlowLog[]> => {
  const pages = paginateDescribeFlowLogs(
    { client: session.client(EC2Client) },
    ids ? { Filter: [{ Name: 'resource-id', Values: ids }] } : {},
  );
  return (await Array.fromAsync(pages)).flatMap(({ FlowLogs = [] }) => FlowLogs);
};
