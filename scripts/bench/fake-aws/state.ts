import { createRateLimit } from './rate-limit.ts';
import type { World } from './protocol.ts';

export interface Verdict {
  readonly ComplianceResourceType: string;
  readonly ComplianceResourceId: string;
  readonly ComplianceType: string;
  readonly Annotation?: string;
  readonly OrderingTimestamp: number;
}

/** Everything that calls can change. */
export interface State {
  world: World;
  /** The status that a call set, by `account/bucket`. */
  readonly versioning: Map<string, string>;
  /** The verdicts by account; the bench runs one rule. */
  readonly verdicts: Map<string, Map<string, Verdict>>;
  /** The rows of the state table, by `pk|sk`. */
  readonly rows: Map<string, Row>;
  readonly logStreams: Set<string>;
  readonly limits: Map<string, () => boolean>;
  readonly evaluations: number[];
}

export type Row = Record<string, { S?: string; N?: string }>;

export const createState = (world: World): State => ({
  world,
  versioning: new Map(),
  verdicts: new Map(),
  rows: new Map(),
  logStreams: new Set(),
  limits: new Map(),
  evaluations: [],
});

/** Whether this account may still call S3. */
export const isWithinLimit = ({ world: { limit }, limits }: State, accountId: string): boolean => {
  if (!limit) return true;
  let allow = limits.get(accountId);
  if (!allow) limits.set(accountId, (allow = createRateLimit(limit)));
  return allow();
};
