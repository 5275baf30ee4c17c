/** The AWS that the fake imitates in a measurement. */
export interface World {
  /** The latency of every answer. */
  readonly latencyMs: number;
  /** The number of buckets of every account: `bucket-00000` and so on, every second one versioned. */
  readonly buckets: number;
  /** The objects of the settings bucket, by key. */
  readonly objects: Readonly<Record<string, unknown>>;
  /** The limit of S3 calls per account; calls beyond it are answered with 503 SlowDown. */
  readonly limit?: { readonly perSecond: number; readonly burst: number } | undefined;
}

export interface OperationCount {
  readonly calls: number;
  /** Calls that were answered with 503. */
  readonly refused: number;
  readonly mostInFlight: number;
}

export interface Counts {
  /** The counts by `account service:Operation`. */
  readonly operations: Readonly<Record<string, OperationCount>>;
  /** The number of evaluations in each PutEvaluations, in order. */
  readonly evaluations: readonly number[];
  /** The processor time of the fake itself. */
  readonly cpuMs: number;
}

export type Request =
  /** Resets the state to this world. */
  | { readonly type: 'become'; readonly world: World }
  /** Keeps the state, applies the change, and resets the counts. */
  | { readonly type: 'recount'; readonly change: Partial<World> }
  | { readonly type: 'count' };

export type Reply =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'done' }
  | { readonly type: 'counts'; readonly counts: Counts };
