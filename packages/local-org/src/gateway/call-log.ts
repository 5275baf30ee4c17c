import type { Call, OperationName, RawReply } from '../protocol/call.ts';
import { operationName } from '../protocol/call.ts';

interface LoggedCall {
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;

  readonly principalArn: string;
  readonly status: number;
}

/** Logs the calls of the gateway: totals of all, and the latest calls one by one. */
export interface CallLog {
  /** Number of calls since the start, by operation ('s3:GetObject'). */
  readonly totals: () => Readonly<Record<OperationName, number>>;
  /** The latest ten thousand calls, oldest first. */
  readonly latest: () => readonly LoggedCall[];
  readonly onCompleted: (call: Call, reply: RawReply) => void;
}

const MAX_CALLS = 10_000;

export const createCallLog = (): CallLog => {
  const counts = new Map<OperationName, number>();
  const calls: LoggedCall[] = [];
  return {
    totals: () => Object.fromEntries(counts),
    latest: () => [...calls],
    onCompleted: (call, { status }) => {
      const { service, operation, accountId, region, principal } = call;
      counts.set(operationName(call), (counts.get(operationName(call)) ?? 0) + 1);
      calls.push({ service, operation, accountId, region, principalArn: principal.arn, status });
      if (calls.length > MAX_CALLS * 1.1) calls.splice(0, calls.length - MAX_CALLS);
    },
  };
};
