export type Request =
  /** Passes every call on to this address, and writes its answer to the file. */
  | { readonly type: 'record'; readonly upstream: string; readonly file: string }
  /** Answers from the file, each call after this latency. */
  | { readonly type: 'replay'; readonly file: string; readonly latencyMs: number }
  /** Completes a recording, and returns the counts since the last request. */
  | { readonly type: 'end' };

export type Reply =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'done' }
  | { readonly type: 'counts'; readonly counts: CallCounts };

export interface CallCounts {
  readonly calls: number;
  /** Calls that were answered with a status of 500 or more, by operation. */
  readonly failed: Readonly<Record<string, number>>;
  /** Calls for which there is no recorded answer, and hosts outside of AWS that were asked for. */
  readonly unknown: readonly string[];
  /** The processor time of the server itself. */
  readonly cpuMs: number;
}
