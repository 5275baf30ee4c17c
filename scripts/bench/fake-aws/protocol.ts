/** What the bench tells the fake before a measurement, and what the fake tells it after. */
export interface World {
  /** How long every answer takes. */
  readonly latencyMs: number;
  /** In every account: `bucket-00000` and so on, every other one of them versioned. */
  readonly buckets: number;
  /** The objects of the settings bucket, by key. */
  readonly objects: Readonly<Record<string, unknown>>;
  /** For S3, per account; what is beyond is answered 503 SlowDown. */
  readonly limit?: { readonly perSecond: number; readonly burst: number } | undefined;
}

export interface OperationCount {
  readonly calls: number;
  /** Answered 503. */
  readonly refused: number;
  readonly mostInFlight: number;
}

export interface Counts {
  /** By `account service:Operation`. */
  readonly operations: Readonly<Record<string, OperationCount>>;
  /** The number of evaluations in each PutEvaluations, in the order they came. */
  readonly evaluations: readonly number[];
}

export type Request =
  /** Forget everything and be this. */
  | { readonly type: 'become'; readonly world: World }
  /** Keep the state, change what is given here, and count from zero. */
  | { readonly type: 'recount'; readonly change: Partial<World> }
  | { readonly type: 'count' };

export type Reply =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'done' }
  | { readonly type: 'counts'; readonly counts: Counts };
