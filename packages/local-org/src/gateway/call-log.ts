import type { Call, OperationName, RawReply } from '../protocol/call.ts';
import { operationName } from '../protocol/call.ts';

interface LoggedCall {
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  /** ARN of the caller. */
  readonly who: string;
  readonly status: number;
}

/** What went through the gateway: totals of all, and the latest calls one by one. */
export interface CallLog {
  /** Number of calls since the start, by 's3:GetObject'. */
  readonly totals: () => Readonly<Record<OperationName, number>>;
  /** The latest calls, oldest first; of a long run only the last ten thousand. */
  readonly latest: () => readonly LoggedCall[];
  readonly onCompleted: (call: Call, reply: RawReply) => void;
}

const KEPT = 10_000;

export const createCallLog = (): CallLog => {
  const counts = new Map<OperationName, number>();
  const calls: LoggedCall[] = [];
  return {
    totals: () => Object.fromEntries(counts),
    latest: () => [...calls],
    onCompleted: (call, { status }) => {
      const { service, operation, accountId, region, principal } = call;
      counts.set(operationName(call), (counts.get(operationName(call)) ?? 0) + 1);
      calls.push({ service, operation, accountId, region, who: principal.arn, status });
      if (calls.length > KEPT * 1.1) calls.splice(0, calls.length - KEPT);
    },
  };
};
