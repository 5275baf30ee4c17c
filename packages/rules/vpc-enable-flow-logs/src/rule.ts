import {
  DescribeVpcsCommand,
  EC2Client,
  paginateDescribeFlowLogs,
  paginateDescribeVpcs,
  type FlowLog,
  type Tag,
} from '@aws-sdk/client-ec2';
import {
  compliant,
  defineRule,
  ec2Shape,
  firstOf,
  hasCode,
  nonCompliant,
  notApplicable,
  type Session,
} from '@compliance/core/rule';

import { createFlowLog, deleteFlowLogs } from './create-flow-log.ts';
import { VpcFacts, VpcHandles, capturedTraffic, observationOf } from './flow-logs.ts';
import { Parameters } from './parameters.ts';
import { fixGrants, undoGrants } from './permissions.ts';

export const vpcEnableFlowLogs = defineRule({
  command: 'VPC_ENABLE_FLOW_LOGS',
  title: 'VPCs log rejected traffic',
  rationale:
    'Rejected connections are the first trace of a scan or a misconfigured rule, and AWS keeps no other record of them.',
  severity: 'medium',
  resourceType: 'AWS::EC2::VPC',
  resource: ec2Shape('vpc'),
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['2.9'],
    'cis-1.3': ['3.9'],
    'cis-1.4': ['3.9'],
    'cis-1.5': ['3.9'],
    'cis-2.0': ['3.9'],
    'cis-3.0': ['3.7'],
    'cis-4.0': ['3.7'],
    'cis-4.0.1': ['3.7'],
    'cis-5.0': ['3.7'],
    'cis-6.0': ['4.7'],
    'cis-7.0': ['4.7'],
    'aws-fsbp': ['EC2.6'],
  },
  equivalents: {
    config: ['VPC_FLOW_LOGS_ENABLED'],
    securityHub: ['EC2.6'],
    prowler: ['vpc_flow_logs_enabled'],
    steampipe: ['vpc_flow_logs_enabled'],
    custodian: ['vpc: flow-logs'],
  },
  parameters: Parameters,
  needs: ['logDestination', 'deliverLogsPermissionArn'],
  facts: VpcFacts,
  handles: VpcHandles,
  permissions: {
    list: ['ec2:DescribeVpcs', 'ec2:DescribeFlowLogs'],
    get: ['ec2:DescribeVpcs', 'ec2:DescribeFlowLogs'],
    fix: fixGrants,
    undo: undoGrants,
  },

  // A VPC's configuration item has no flow logs, so a change is evaluated with `get`.
  observe: {
    get: async ({ resourceId }, { session }) => {
      const vpc = await findVpc(resourceId, session);
      if (!vpc) return undefined;
      const flowLogs = await listFlowLogs(session, resourceId);
      return observationOf(vpc.OwnerId ?? session.accountId, flowLogs);
    },
    list: async function* ({ session }) {
      const flowLogs = Map.groupBy(await listFlowLogs(session), ({ ResourceId }) => ResourceId);
      for await (const { Vpcs = [] } of paginateDescribeVpcs({ client: session.client(EC2Client) }, {}))
        for (const { VpcId, OwnerId = session.accountId, Tags = [] } of Vpcs)
          if (VpcId !== undefined)
            yield {
              resource: { resourceType: 'AWS::EC2::VPC', resourceId: VpcId, tags: tagsOf(Tags) },
              ...observationOf(OwnerId, flowLogs.get(VpcId) ?? []),
            };
    },
  },

  judge: (facts, { parameters, accountId }) => {
    if (facts.ownerId !== accountId)
      return notApplicable(`Account ${facts.ownerId} owns this shared VPC and alone can log its traffic.`);
    const captured = capturedTraffic(facts);
    const isEnough = { REJECT: captured.has('REJECT'), ALL: captured.size === 2, ANY: captured.size > 0 };
    if (isEnough[parameters.trafficType]) return compliant();
    return nonCompliant(`${GAP[parameters.trafficType]}: ${describeFlowLogs(facts)}.`);
  },

  fix: createFlowLog,

  undo: { operations: [deleteFlowLogs] },
});

const GAP = {
  REJECT: 'Rejected traffic is not logged',
  ALL: 'Not all traffic is logged',
  ANY: 'No traffic is logged',
} as const;

const describeFlowLogs = ({ flowLogs }: VpcFacts): string => {
  if (flowLogs.length === 0) return 'the VPC has no flow log';
  const found = flowLogs.map(({ trafficType, problem }) =>
    problem === undefined ? trafficType : `${trafficType} (${problem})`,
  );
  return `found ${firstOf(found)}`;
};

const findVpc = async (vpcId: string, session: Session) => {
  try {
    const { Vpcs } = await session.client(EC2Client).send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
    return Vpcs?.[0];
  } catch (error) {
    if (hasCode(error, 'InvalidVpcID.NotFound')) return undefined;
    throw error;
  }
};

const listFlowLogs = async (session: Session, vpcId?: string): Promise<FlowLog[]> => {
  const pages = paginateDescribeFlowLogs(
    { client: session.client(EC2Client) },
    vpcId === undefined ? {} : { Filter: [{ Name: 'resource-id', Values: [vpcId] }] },
  );
  return (await Array.fromAsync(pages)).flatMap(({ FlowLogs = [] }) => FlowLogs);
};

const tagsOf = (tags: readonly Tag[]) =>
  Object.fromEntries(tags.flatMap(({ Key, Value = '' }) => (Key === undefined ? [] : [[Key, Value]])));
