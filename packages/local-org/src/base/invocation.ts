/** One run of a function. */
export interface Invocation {
  readonly functionArn: string;
  readonly functionName: string;
  readonly requestId: string;
  readonly invocationType: 'RequestResponse' | 'Event';
  /** From 1; an asynchronous invocation is tried again after an error. */
  readonly attempt: number;
  readonly event: unknown;
  readonly milliseconds: number;
  readonly cold: boolean;
  /** JSON text. */
  readonly payload: string;
  readonly functionError?: string;
}

/** An asynchronous invocation that Lambda gave up on: what an OnFailure destination would be told. */
export interface InvocationFailure {
  readonly functionArn: string;
  readonly event: unknown;
  readonly attempts: number;
  readonly error: string;
}

export interface FunctionLogLine {
  readonly functionName: string;
  readonly requestId?: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

/** Appends and forgets the oldest beyond `kept`. */
export const createRecords = <T>(
  kept: number,
): { readonly add: (record: T) => void; readonly all: () => readonly T[] } => {
  const records: T[] = [];
  return {
    add: (record) => {
      records.push(record);
      if (records.length > kept) records.shift();
    },
    all: () => [...records],
  };
};
