import type { Account } from '@compliance/core';
import type { Finding, Unreadable } from '@compliance/report';
import type { AwsCredentialIdentity } from '@smithy/types';

import type { CallsByService } from '../describe-calls.ts';
import type { ScanPlan, TargetEnd } from './scan-target.ts';
import type { SentError } from './sent-error.ts';

/** What a worker is started with. */
export interface WorkerStart {
  readonly plan: ScanPlan;
}

/** To a worker. Every account has a number; the same account is never in two workers. */
export type ToWorker =
  | { readonly type: 'scan'; readonly task: number; readonly account: Account }
  | { readonly type: 'credentials'; readonly request: number; readonly identity: AwsCredentialIdentity }
  | { readonly type: 'no-credentials'; readonly request: number; readonly error: SentError }
  /** The findings are written: the worker may send more. */
  | { readonly type: 'written'; readonly request: number }
  | { readonly type: 'stop' };

/** From a worker. */
export type FromWorker =
  | {
      readonly type: 'findings';
      readonly task: number;
      readonly request: number;
      readonly findings: readonly Finding[];
    }
  | { readonly type: 'unreadable'; readonly task: number; readonly unreadable: Unreadable }
  | { readonly type: 'calls'; readonly task: number; readonly calls: CallsByService }
  | { readonly type: 'credentials'; readonly task: number; readonly request: number }
  | { readonly type: 'end'; readonly task: number; readonly end: TargetEnd }
  | { readonly type: 'failed'; readonly task: number; readonly error: SentError };
