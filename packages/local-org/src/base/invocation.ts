/** One run of a function. */
export interface Invocation {
  readonly functionArn: string;
  readonly functionName: string;
  readonly requestId: string;
  readonly invocationType: 'RequestResponse' | 'Event';
  /** From 1; an asynchronous invocation is retried after an error. */
  readonly attempt: number;
  readonly event: unknown;
  readonly milliseconds: number;
  readonly cold: boolean;
  /** JSON text. */
  readonly payload: string;
  readonly functionError?: string;
}

/** An asynchronous invocation whose attempts all failed: what an OnFailure destination receives. */
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

/** A list that drops its oldest records beyond its limit. */
export interface Records<T> {
  readonly add: (record: T) => void;
  readonly all: () => readonly T[];
}

export const createRecords = <T>(limit: number): Records<T> => {
  const records: T[] = [];
  return {
    add: (record) => {
      records.push(record);
      if (records.length > limit) records.shift();
    },
    all: () => [...records],
  };
};
