import {
  CreateFlowLogsCommand,
  DeleteFlowLogsCommand,
  EC2Client,
  type CreateFlowLogsCommandInput,
  type UnsuccessfulItem,
} from '@aws-sdk/client-ec2';
import { errorWithCode, call, change, operation, undoCall, type FixInput } from '@compliance/core/rule';

import { destinationName, type VpcFacts, type VpcHandles } from './flow-logs.ts';
import type { Parameters } from './parameters.ts';

type Input = FixInput<VpcFacts, Parameters, VpcHandles>;

/** Creates a flow log to the configured destination. Existing flow logs stay as they are. */
export const createFlowLog = (input: Input) => {
  const { resource, parameters, handles } = input;
  const destination = resolveDestination(input);
  if ('manual' in destination) return destination;
  if (handles.failingDestinations.includes(destination.name))
    return {
      manual: `Correct the flow log of ${resource.resourceId} to ${destination.name}, which delivers nothing: check its role and the destination's policy.`,
    };
  const TrafficType = parameters.trafficType === 'ALL' ? 'ALL' : 'REJECT';
  return change<VpcFacts>({
    description: `Log the traffic of ${resource.resourceId} to ${destination.name}`,
    risk: 'safe',
    inCode: {
      terraform: `aws_flow_log: vpc_id = "${resource.resourceId}", traffic_type = "${TrafficType}", log_destination_type = "${parameters.logDestinationType}"`,
      cloudFormation: `AWS::EC2::FlowLog: ResourceType: VPC, ResourceId: ${resource.resourceId}, TrafficType: ${TrafficType}, LogDestinationType: ${parameters.logDestinationType}`,
    },
    steps: [
      call(
        EC2Client,
        CreateFlowLogsCommand,
        {
          ResourceType: 'VPC',
          ResourceIds: [resource.resourceId],
          TrafficType,
          MaxAggregationInterval: parameters.maxAggregationInterval,
          LogDestinationType: parameters.logDestinationType,
          ...destination.input,
        },
        {
          undo: ({ FlowLogIds = [] }) =>
            undoCall(EC2Client, DeleteFlowLogsCommand, { FlowLogIds }, { alreadyDone: [NO_SUCH_FLOW_LOG] }),
          alreadyDone: [ALREADY_EXISTS],
          refused: refused(ALREADY_EXISTS),
        },
      ),
    ],
  });
};

const ALREADY_EXISTS = 'FlowLogAlreadyExists';
const NO_SUCH_FLOW_LOG = 'InvalidFlowLogId.NotFound';

/** Where a flow log delivers: a name for people, and the members of the call. */
type Destination =
  | { readonly name: string; readonly input: Partial<CreateFlowLogsCommandInput> }
  | { readonly manual: string };

const resolveDestination = ({ parameters }: Input): Destination => {
  const { logDestination, deliverLogsPermissionArn: roleArn, logDestinationType } = parameters;
  if (logDestination === null)
    return { manual: 'Set the parameter logDestination to the destination of flow logs.' };
  const name = destinationName(logDestination);
  if (logDestinationType !== 'cloud-watch-logs') return { name, input: { LogDestination: logDestination } };
  if (roleArn === null)
    return { manual: 'Set the parameter deliverLogsPermissionArn to the role that writes to the log group.' };
  return {
    name,
    input: {
      ...(logDestination.startsWith('arn:')
        ? { LogDestination: logDestination }
        : { LogGroupName: logDestination }),
      DeliverLogsPermissionArn: roleArn,
    },
  };
};

interface PartialFailure {
  readonly Unsuccessful?: readonly UnsuccessfulItem[] | undefined;
}

// EC2 answers 200 even when it created or deleted nothing.
const refused =
  (nothingToDo: string) =>
  ({ Unsuccessful = [] }: PartialFailure): string | undefined => {
    const [failure] = Unsuccessful;
    if (!failure) return undefined;
    const { Code = 'UnknownError', Message = 'no reason given' } = failure.Error ?? {};
    // EC2 also throws this code. Thrown here as well, it counts as already done.
    if (Code === nothingToDo) throw errorWithCode(Code, Message);
    return `${Code}: ${Message}`;
  };

/** Undoes the creation. EC2 may answer 200 and have deleted nothing. */
export const deleteFlowLogs = operation(EC2Client, DeleteFlowLogsCommand, {
  refused: refused(NO_SUCH_FLOW_LOG),
});
