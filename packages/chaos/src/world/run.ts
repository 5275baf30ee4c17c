import type { AccountId } from '@compliance/core';

export type Door = 'evaluate' | 'remediate' | 'operate';

/** One invocation of a function. */
export interface Run {
  readonly door: Door;
  readonly requestId: string;
  /** What a person asked for; absent for automations and AWS Config. */
  readonly action?: string;
  /** The account and the execution of a request that nobody may get anything for. */
  readonly isForged: boolean;
  readonly executionId?: string;
  readonly endsAt: Date;
  /** At which of its effects the run is killed, and whether that one is still done. */
  readonly killAt: number;
  readonly isLastDone: boolean;
  effects: number;
  isDead: boolean;
}

/** A write to a member's account by one of our runs. */
export interface Write {
  readonly time: Date;
  readonly accountId: AccountId;
  readonly bucket: string;
  readonly what: 'versioning' | 'payer' | 'topic' | 'statement';
  readonly run: Run;
  /** The write of a fix, not of an undo. */
  readonly isFix: boolean;
  /** The value was there already, and one of our runs had written it. */
  readonly isRepeated: boolean;
  /** The statements of others that an edit removed. */
  readonly lostStatements: readonly string[];
}
