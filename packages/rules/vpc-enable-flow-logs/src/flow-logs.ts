import type { FlowLog as Ec2FlowLog } from '@aws-sdk/client-ec2';
import { canonical } from '@compliance/core/rule';
import * as z from 'zod';

/** A flow log of the VPC itself: those of its subnets and interfaces leave out what is added tomorrow. */
const FlowLog = z.object({
  trafficType: z.enum(['ACCEPT', 'REJECT', 'ALL']),
  /** Why nothing of it arrives; absent when it works. */
  problem: z.string().optional(),
});
type FlowLog = z.infer<typeof FlowLog>;

export const VpcFacts = z.object({
  /** Whose VPC it is. A shared one is seen by its participants too, but only its owner can log its traffic. */
  ownerId: z.string(),
  flowLogs: z.array(FlowLog),
});
export type VpcFacts = z.infer<typeof VpcFacts>;

/** Where the flow logs that do not work were meant to deliver. */
export const VpcHandles = z.object({ failingDestinations: z.array(z.string()) });
export type VpcHandles = z.infer<typeof VpcHandles>;

export const observationOf = (ownerId: string, flowLogs: readonly Ec2FlowLog[]) => ({
  facts: { ownerId, flowLogs: flowLogs.map(factsOf).toSorted(byContent) },
  handles: {
    failingDestinations: [
      ...new Set(
        flowLogs
          .filter((flowLog) => problemOf(flowLog) !== undefined)
          .map(({ LogDestination, LogGroupName }) => destinationName(LogDestination ?? LogGroupName ?? '')),
      ),
    ].toSorted(),
  },
});

/** A log group by its name, which EC2 tells in one answer as a name and in another as an ARN; all else as it is. */
export const destinationName = (destination: string): string =>
  /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(destination)?.[1] ?? destination;

/** What of the VPC's traffic really arrives somewhere. Two halves make a whole. */
export const capturedTraffic = ({ flowLogs }: VpcFacts): ReadonlySet<'ACCEPT' | 'REJECT'> =>
  new Set(
    flowLogs
      .filter(({ problem }) => problem === undefined)
      .flatMap(({ trafficType }) =>
        trafficType === 'ALL' ? (['ACCEPT', 'REJECT'] as const) : [trafficType],
      ),
  );

const factsOf = (flowLog: Ec2FlowLog): FlowLog => {
  const problem = problemOf(flowLog);
  return { trafficType: flowLog.TrafficType ?? 'ALL', ...(problem !== undefined && { problem }) };
};

// An ACTIVE flow log may deliver nothing at all: its role or its bucket refuses it.
const problemOf = (flowLog: Ec2FlowLog): string | undefined => {
  const { TrafficType, FlowLogStatus, DeliverLogsStatus, DeliverLogsErrorMessage } = flowLog;
  if (!TrafficType) return 'traffic type unknown';
  if (FlowLogStatus !== 'ACTIVE') return `status ${FlowLogStatus ?? 'unknown'}`;
  if (DeliverLogsErrorMessage) return DeliverLogsErrorMessage;
  return DeliverLogsStatus === 'FAILED' ? 'delivery FAILED' : undefined;
};

const byContent = (a: FlowLog, b: FlowLog) => (canonical(a) < canonical(b) ? -1 : 1);
