import { compliant, defineRule, firstOf, nonCompliant, notApplicable } from '@compliance/core/rule';
import { VPC, vpcShape } from '@compliance/vpc-network';

import { createFlowLog, deleteFlowLogs } from './create-flow-log.ts';
import { VpcFacts, VpcHandles, capturedTraffic } from './flow-logs.ts';
import { observeFlowLogs } from './observe.ts';
import { Parameters } from './parameters.ts';
import { fixGrants, undoGrants } from './permissions.ts';

const READS = ['ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeFlowLogs'];

export const vpcEnableFlowLogs = defineRule({
  command: 'VPC_ENABLE_FLOW_LOGS',
  title: 'VPCs log rejected traffic',
  rationale:
    'Rejected connections are the first trace of a scan or a misconfigured rule, and AWS keeps no other record of them.',
  severity: 'medium',
  resourceType: VPC,
  resource: vpcShape,
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
    list: READS,
    get: READS,
    fix: fixGrants,
    undo: undoGrants,
  },

  observe: observeFlowLogs,

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
