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

/** A flow log to where the settings say; a flow log that is there already is left as it is. */
export const createFlowLog = (input: Input) => {
  const { resource, parameters, handles } = input;
  const target = resolveDestination(input);
  if ('manual' in target) return target;
  if (handles.failingDestinations.includes(target.name))
    return {
      manual: `Let the flow log of ${resource.resourceId} write to ${target.name}: it is there, but its role or the destination's policy refuses it.`,
    };
  const TrafficType = parameters.trafficType === 'ALL' ? 'ALL' : 'REJECT';
  return change<VpcFacts>({
    description: `Log the traffic of ${resource.resourceId} to ${target.name}`,
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
          ...target.input,
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

/** Where to, in the words of the call; by name for people. */
type Destination =
  | { readonly name: string; readonly input: Partial<CreateFlowLogsCommandInput> }
  | { readonly manual: string };

const resolveDestination = ({ parameters, accountId, region }: Input): Destination => {
  const inPlace = (text: string) => text.replaceAll('{accountId}', accountId).replaceAll('{region}', region);
  const { logDestination, deliverLogsPermissionArn: roleArn, logDestinationType } = parameters;
  if (logDestination === null)
    return { manual: 'Set the parameter logDestination to where flow logs are to be delivered.' };
  const destination = inPlace(logDestination);
  const name = destinationName(destination);
  if (logDestinationType !== 'cloud-watch-logs') return { name, input: { LogDestination: destination } };
  if (roleArn === null)
    return { manual: 'Set the parameter deliverLogsPermissionArn to the role that writes to the log group.' };
  return {
    name,
    input: {
      ...(destination.startsWith('arn:') ? { LogDestination: destination } : { LogGroupName: destination }),
      DeliverLogsPermissionArn: inPlace(roleArn),
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
    // EC2 reports this one both ways; thrown under its own code it counts as nothing to do.
    if (Code === nothingToDo) throw errorWithCode(Code, Message);
    return `${Code}: ${Message}`;
  };

/** What undoes the creation; it too may answer 200 and have done nothing. */
export const deleteFlowLogs = operation(EC2Client, DeleteFlowLogsCommand, {
  refused: refused(NO_SUCH_FLOW_LOG),
});
