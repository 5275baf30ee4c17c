import { accessFailure, explain, type AccountId, type SessionOptions } from '@compliance/core/scan';
import type { Finding, Unreadable } from '@compliance/report';
import pMap from 'p-map';

import type { Entry } from '../../../account/enter-account.ts';
import type { Target } from '../../../account/targets.ts';
import type { CallsByService } from '../describe-calls.ts';
import type { TargetEnd, TargetEvents } from './scan-target.ts';

/** How an account ended. `left`: the scan stopped before or within it, so it is not scanned, or only in part. */
export type Outcome =
  | { readonly state: 'scanned'; readonly end: TargetEnd }
  | { readonly state: 'refused' | 'suspended' | 'failed' | 'left'; readonly message: string };

export interface ScanTargetsOptions {
  readonly targets: readonly Target[];
  readonly accountsAtOnce: number;
  readonly enter: (accountId: AccountId) => Promise<Entry>;
  readonly scan: (
    target: Target,
    credentials: SessionOptions['credentials'],
    events: TargetEvents,
  ) => Promise<TargetEnd>;
  readonly onFindings: (target: Target, findings: readonly Finding[]) => Promise<void>;
  /** Receives the calls of an account so far, now and then. */
  readonly onCalls: (target: Target, calls: CallsByService) => void;
  readonly onUnreadable: (target: Target, unreadable: Unreadable) => Promise<void>;
  readonly onOutcome: (target: Target, outcome: Outcome) => Promise<void>;
  /** Why nothing can be asked any more, such as expired credentials; `undefined` while AWS answers. */
  readonly probe: () => Promise<string | undefined>;
  /** Stops the scan: accounts that have not ended are left. */
  readonly signal?: AbortSignal;
}

/**
 * Scans accounts, some at a time. What fails in an account ends that account alone; what must fail in all of them stops
 * the scan. @returns why the scan stopped, if it did
 */
export const scanTargets = async (options: ScanTargetsOptions): Promise<string | undefined> => {
  const stop: { reason?: string | undefined } = {};
  await pMap(
    options.targets,
    async (target) => {
      const outcome = await scanOne(target, options, stop);
      await options.onOutcome(target, outcome);
      // A row for each account that has no others: it would look compliant.
      if (outcome.state !== 'scanned' && outcome.state !== 'suspended')
        await options.onUnreadable(target, { accountId: target.account.id, message: outcome.message });
    },
    { concurrency: options.accountsAtOnce },
  );
  return stop.reason;
};

const scanOne = async (
  target: Target,
  { enter, scan, onFindings, onCalls, onUnreadable, probe, signal }: ScanTargetsOptions,
  stop: { reason?: string | undefined },
): Promise<Outcome> => {
  const left = (): Outcome => ({
    state: 'left',
    message: `Not scanned, or only in part: the scan stopped. ${stop.reason ?? ''}`.trim(),
  });
  const isStopped = () => {
    if (signal?.aborted === true) stop.reason ??= explain(signal.reason);
    return stop.reason !== undefined;
  };
  if (isStopped()) return left();
  if (!target.active) return { state: 'suspended', message: 'The account is suspended.' };

  let entry: Entry;
  try {
    entry = await enter(target.account.id);
  } catch (error) {
    const reason = accessFailure(error);
    if (reason === undefined) return { state: 'refused', message: explain(error) };
    stop.reason ??= reason;
    return left();
  }
  // A thread that begins now would not hear that the others were stopped.
  if (isStopped()) return left();

  const written: Promise<void>[] = [];
  try {
    const end = await scan(target, entry.credentials, {
      onFindings: (findings) => onFindings(target, findings),
      onCalls: (calls) => onCalls(target, calls),
      onUnreadable: (unreadable) => void written.push(onUnreadable(target, unreadable)),
    });
    if (end.noAccess !== undefined) stop.reason ??= await probe();
    return isStopped() ? left() : { state: 'scanned', end };
  } catch (error) {
    if (accessFailure(error) !== undefined) stop.reason ??= await probe();
    return isStopped() ? left() : { state: 'failed', message: explain(error) };
  } finally {
    await Promise.all(written);
  }
};
