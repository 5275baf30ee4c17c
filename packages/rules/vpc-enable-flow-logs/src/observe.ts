import {
  EC2Client,
  paginateDescribeFlowLogs,
  type FlowLog,
  type Subnet,
  type Vpc,
} from '@aws-sdk/client-ec2';
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
    return observer(await flowLogsOf(ids, session), subnets, session)(vpc);
  },
  list: async function* ({ session }) {
    const flowLogs = await listFlowLogs(session);
    // Most accounts log whole VPCs, so that their subnets need no call.
    const subnets = flowLogs.some(({ ResourceId }) => ResourceId?.startsWith('subnet-'))
      ? await sharedSubnets(session)
      : [];
    const observe = observer(flowLogs, subnets, session);
    for (const vpc of await sharedVpcs(session)) yield { resource: vpcResource(vpc), ...observe(vpc) };
  },
};

/** Observes VPCs of the Region by its flow logs and subnets. */
const observer = (flowLogs: readonly FlowLog[], subnets: readonly Subnet[], { accountId }: Session) => {
  const logsOf = Map.groupBy(flowLogs, ({ ResourceId = '' }) => ResourceId);
  const subnetsOf = Map.groupBy(subnets, ({ VpcId = '' }) => VpcId);
  return ({ VpcId = '', OwnerId = accountId }: Vpc) =>
    observationOf(OwnerId, {
      ofVpc: logsOf.get(VpcId) ?? [],
      ofSubnets: (subnetsOf.get(VpcId) ?? []).map(({ SubnetId = '' }) => logsOf.get(SubnetId) ?? []),
    });
};

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
