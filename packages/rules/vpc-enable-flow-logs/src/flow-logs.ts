import type { FlowLog as Ec2FlowLog } from '@aws-sdk/client-ec2';
import { canonical, defined } from '@compliance/core/rule';
import * as z from 'zod';

const Traffic = z.enum(['ACCEPT', 'REJECT']);
type Traffic = z.infer<typeof Traffic>;

/** A flow log of the VPC itself. */
const FlowLog = z.object({
  trafficType: z.enum(['ACCEPT', 'REJECT', 'ALL']),
  /** Why it delivers nothing; absent when it works. */
  problem: z.string().optional(),
});
type FlowLog = z.infer<typeof FlowLog>;

export const VpcFacts = z.object({
  /** The owner's account. Participants see a shared VPC too, but only its owner can log its traffic. */
  ownerId: z.string().max(12),
  flowLogs: z.array(FlowLog),
  /** What working flow logs capture in each subnet. Absent where they leave a subnet out: those of interfaces do. */
  inAllSubnets: z.array(Traffic).exactOptional(),
});
export type VpcFacts = z.infer<typeof VpcFacts>;

/** The destinations of flow logs that do not work. */
export const VpcHandles = z.object({ failingDestinations: z.array(z.string()) });
export type VpcHandles = z.infer<typeof VpcHandles>;

interface Found {
  readonly ofVpc: readonly Ec2FlowLog[];
  /** Those of each subnet. */
  readonly ofSubnets: readonly (readonly Ec2FlowLog[])[];
}

export const observationOf = (ownerId: string, { ofVpc, ofSubnets }: Found) => ({
  facts: { ownerId, flowLogs: ofVpc.map(factsOf).toSorted(byContent), ...inAllSubnets(ofSubnets) },
  handles: {
    failingDestinations: [
      ...new Set(
        ofVpc
          .filter((flowLog) => problemOf(flowLog) !== undefined)
          .map(({ LogDestination, LogGroupName }) => destinationName(LogDestination ?? LogGroupName ?? '')),
      ),
    ].toSorted(),
  },
});

/** Names a log group, which EC2 returns as a name or as an ARN. Other destinations stay as they are. */
export const destinationName = (destination: string): string =>
  /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(destination)?.[1] ?? destination;

/** The kinds of traffic that working flow logs capture; `ALL` is both. */
export const capturedTraffic = ({ flowLogs, inAllSubnets: bySubnets = [] }: VpcFacts): ReadonlySet<Traffic> =>
  new Set([...capturedBy(flowLogs), ...bySubnets]);

const capturedBy = (flowLogs: readonly FlowLog[]): Traffic[] =>
  flowLogs
    .filter(({ problem }) => problem === undefined)
    .flatMap(({ trafficType }) => (trafficType === 'ALL' ? Traffic.options : [trafficType]));

const inAllSubnets = (ofSubnets: Found['ofSubnets']): Pick<VpcFacts, 'inAllSubnets'> => {
  const captured = ofSubnets.map((flowLogs) => capturedBy(flowLogs.map(factsOf)));
  const inAll = Traffic.options.filter((traffic) => captured.every((one) => one.includes(traffic)));
  return captured.length > 0 && inAll.length > 0 ? { inAllSubnets: inAll } : {};
};

const factsOf = (flowLog: Ec2FlowLog): FlowLog => {
  const problem = problemOf(flowLog);
  return { trafficType: flowLog.TrafficType ?? 'ALL', ...defined({ problem }) };
};

// An ACTIVE flow log may deliver nothing, because its role or its bucket denies it.
const problemOf = (flowLog: Ec2FlowLog): string | undefined => {
  const { TrafficType, FlowLogStatus, DeliverLogsStatus, DeliverLogsErrorMessage } = flowLog;
  if (!TrafficType) return 'traffic type unknown';
  if (FlowLogStatus !== 'ACTIVE') return `status ${FlowLogStatus ?? 'unknown'}`;
  if (isThrottled(flowLog)) return undefined;
  if (DeliverLogsErrorMessage) return DeliverLogsErrorMessage;
  return DeliverLogsStatus === 'FAILED' ? 'delivery FAILED' : undefined;
};

/**
 * Whether CloudWatch Logs throttled some interfaces lately.
 * It passes and nothing is denied, so it is no fact: a verdict on it would change back and forth.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html
 */
const isThrottled = ({ DeliverLogsErrorMessage = '' }: Ec2FlowLog) =>
  DeliverLogsErrorMessage.trim().toLowerCase() === 'rate limited';

const byContent = (a: FlowLog, b: FlowLog) => (canonical(a) < canonical(b) ? -1 : 1);
