import { pMapIterable } from 'p-map';

import { MAX_IN_FLIGHT } from '../aws/create-session.ts';
import { resourceKey, type Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import { withIdentity } from '../rule/identity.ts';
import type { Observation, Rule } from '../rule/rule.ts';
import { annotationText } from '../rule/texts.ts';
import {
  exclusionOf,
  exemptionOf,
  notApplicable,
  type ComplianceType,
  type Verdict,
} from '../rule/verdict.ts';
import { isWorse, type Evaluation } from '../config/evaluation.ts';
import type { PreviousVerdict } from '../config/previous-verdicts.ts';
import { EVALUATIONS_PER_CALL } from '../config/put-evaluations.ts';

export interface SweepOptions {
  readonly rule: Rule;
  readonly session: Session;
  /** The ScheduledNotification's time: the ordering time of every verdict of this sweep. */
  readonly notificationTime: Date;
  readonly judge: (resource: Resource, observation: Observation) => Verdict;
  /** The verdicts that AWS Config shows now. Without them, everything is sent and nothing is cleaned up. */
  readonly previous?: Map<string, PreviousVerdict> | undefined;
  /** Send every verdict, changed or not. */
  readonly full: boolean;
  /** Send unchanged NON_COMPLIANT verdicts too: AWS Config remediates only when it receives a verdict. */
  readonly repeatNonCompliant: boolean;
  /** Receives at most 100 verdicts a call, several calls in parallel. */
  readonly send: (judged: readonly Judged[]) => Promise<void>;
  /** NON_COMPLIANT as before: not sent, but a plan may be missing or expired. Called like `send`. */
  readonly onUnchanged: (judged: readonly Judged[]) => Promise<void>;
  /** Resources whose last verdict may not be published. What is not sent again is only published. */
  readonly unconfirmed?: {
    readonly has: (judged: Judged) => boolean;
    /** Those that are published when they are gone, by key. */
    readonly keys: ReadonlySet<string>;
    readonly publish: (judged: readonly Judged[]) => Promise<void>;
  };
  /** Annotation for a resource that had a verdict and is no longer listed. */
  readonly vanishedReason: string;
  /** A resource that cannot be read keeps its verdict. */
  readonly onUnreadable: (resource: Resource, error: unknown) => Promise<void> | void;
}

/** An evaluation with its observation. `live`: the resource was read on its own just now. */
export interface Judged extends Evaluation {
  readonly observation?: Observation;
  readonly live?: boolean;
}

export interface SweepCounts {
  resources: number;
  compliant: number;
  nonCompliant: number;
  notApplicable: number;
  /** The violations, among the not applicable ones, that an exemption covers. */
  exempt: number;
  /** The non-compliant resources that belong to AWS or the landing zone. */
  excluded: number;
  failed: number;
  sent: number;
  vanished: number;
}

/**
 * Judges every resource that the rule lists, and sends what changed.
 * A resource that cannot be read costs only its own verdict; an incomplete listing costs the clean-up and is thrown.
 */
export const sweep = async (options: SweepOptions): Promise<SweepCounts> => {
  const counts = {
    resources: 0,
    compliant: 0,
    nonCompliant: 0,
    notApplicable: 0,
    exempt: 0,
    excluded: 0,
    failed: 0,
    sent: 0,
    vanished: 0,
  };
  // Holds only how each resource was counted, because a sweep may see a million resources.
  const seen = new Map<string, Tally | undefined>();
  const changed = createBatcher(async (batch) => {
    counts.sent += batch.length;
    await options.send(batch);
  });
  const unchanged = createBatcher(options.onUnchanged);
  const unconfirmed = createBatcher(options.unconfirmed?.publish ?? (async () => {}));

  const countAndSend = async (judged: Judged) => {
    const key = resourceKey(judged.resource);
    const known = seen.get(key);
    const { complianceType } = judged.verdict;
    if (known && !isWorse(complianceType, known.complianceType)) return;
    const tally = tallyOf(judged.verdict);
    seen.set(key, tally);
    for (const counter of known?.counters ?? []) counts[counter] -= 1;
    for (const counter of tally.counters) counts[counter] += 1;
    // Listed twice and worse this time: the better verdict may already be sent, so this one is sent in any case.
    if (isChanged(judged, options) || (known && !isOvertaken(judged, options))) await changed.add(judged);
    else {
      if (options.unconfirmed?.has(judged)) await unconfirmed.add(judged);
      if (complianceType === 'NON_COMPLIANT') await unchanged.add(judged);
    }
  };

  try {
    for await (const result of observeAll(options)) {
      counts.resources += 1;
      if ('judged' in result) await countAndSend(result.judged);
      if ('failed' in result) {
        counts.failed += 1;
        const key = resourceKey(result.failed);
        if (!seen.has(key)) seen.set(key, undefined);
      }
    }
    for (const judged of vanishedResources(options, seen)) {
      counts.vanished += 1;
      await changed.add(judged);
    }
    for (const judged of unconfirmedResources(options, seen)) await unconfirmed.add(judged);
  } finally {
    await Promise.all([changed.close(), unchanged.close(), unconfirmed.close()]);
  }
  return counts;
};

interface Tally {
  readonly complianceType: ComplianceType;
  readonly counters: readonly (keyof SweepCounts)[];
}

const TALLIES = {
  compliant: { complianceType: 'COMPLIANT', counters: ['compliant'] },
  nonCompliant: { complianceType: 'NON_COMPLIANT', counters: ['nonCompliant'] },
  excluded: { complianceType: 'NON_COMPLIANT', counters: ['nonCompliant', 'excluded'] },
  notApplicable: { complianceType: 'NOT_APPLICABLE', counters: ['notApplicable'] },
  exempt: { complianceType: 'NOT_APPLICABLE', counters: ['notApplicable', 'exempt'] },
} as const satisfies Record<string, Tally>;

const tallyOf = (verdict: Verdict): Tally => {
  switch (verdict.complianceType) {
    case 'COMPLIANT':
      return TALLIES.compliant;
    case 'NON_COMPLIANT':
      return exclusionOf(verdict) === undefined ? TALLIES.nonCompliant : TALLIES.excluded;
    case 'NOT_APPLICABLE':
      return exemptionOf(verdict) === undefined ? TALLIES.notApplicable : TALLIES.exempt;
    default:
      throw new Error(`Unknown verdict ${JSON.stringify(verdict satisfies never)}`);
  }
};

type Observed = { readonly judged: Judged } | { readonly failed: Resource } | { readonly gone: Resource };

const observeAll = ({
  rule,
  session,
  judge,
  notificationTime,
  onUnreadable,
}: SweepOptions): AsyncIterable<Observed> =>
  pMapIterable(
    rule.observe.list({ session }),
    async (listed): Promise<Observed> => {
      const { resource } = listed;
      try {
        const live = !('facts' in listed);
        const observation = live ? await rule.observe.get(resource, { session }) : listed;
        if (!observation) return { gone: resource };
        const named = withIdentity(resource, observation);
        const verdict = judge(named, observation);
        return { judged: { resource: named, verdict, orderingTime: notificationTime, observation, live } };
      } catch (error) {
        await onUnreadable(resource, error);
        return { failed: resource };
      }
    },
    { concurrency: MAX_IN_FLIGHT, backpressure: MAX_IN_FLIGHT * 2 },
  );

/** Whether AWS Config would show something else after this verdict. AWS bills each verdict sent. */
const isChanged = (judged: Judged, options: SweepOptions): boolean => {
  const { previous, full, repeatNonCompliant } = options;
  if (!previous) return true;
  if (isOvertaken(judged, options)) return false;
  if (full) return true;
  const { resource, verdict } = judged;
  const before = previous.get(resourceKey(resource));
  switch (verdict.complianceType) {
    case 'COMPLIANT':
      return before?.complianceType !== 'COMPLIANT';
    case 'NON_COMPLIANT':
      return (
        repeatNonCompliant ||
        before?.complianceType !== 'NON_COMPLIANT' ||
        before.annotation !== annotationText(verdict.annotation)
      );
    case 'NOT_APPLICABLE':
      return before !== undefined;
    default:
      throw new Error(`Unknown verdict ${JSON.stringify(verdict satisfies never)}`);
  }
};

/** Whether a change was judged after this sweep began: its verdict is newer. */
const isOvertaken = ({ resource, orderingTime }: Judged, { previous }: SweepOptions): boolean => {
  const before = previous?.get(resourceKey(resource));
  return before !== undefined && before.orderingTime > orderingTime;
};

/** Resources that had a verdict and are no longer listed. Only after a complete listing. */
const vanishedResources = function* (
  { previous, notificationTime, vanishedReason }: SweepOptions,
  seen: ReadonlyMap<string, unknown>,
): Generator<Judged> {
  for (const [key, { orderingTime }] of previous ?? []) {
    // Created during the listing: its own event judged it.
    if (seen.has(key) || orderingTime > notificationTime) continue;
    yield vanished(key, { notificationTime, vanishedReason });
  }
};

/** Resources that are gone, whose last verdict, NOT_APPLICABLE, may not be published: AWS Config shows none. */
const unconfirmedResources = function* (
  { unconfirmed, previous, ...options }: SweepOptions,
  seen: ReadonlyMap<string, unknown>,
): Generator<Judged> {
  if (!previous || !unconfirmed) return;
  for (const key of unconfirmed.keys) if (!seen.has(key) && !previous.has(key)) yield vanished(key, options);
};

const vanished = (
  key: string,
  { notificationTime, vanishedReason }: Pick<SweepOptions, 'notificationTime' | 'vanishedReason'>,
): Judged => {
  const [resourceType = '', ...id] = key.split('|');
  return {
    resource: { resourceType, resourceId: id.join('|') },
    verdict: notApplicable(vanishedReason),
    orderingTime: notificationTime,
  };
};

const SENDS_IN_FLIGHT = 4;

/** Sends full batches, a few in parallel. `close` waits for all and throws the first failure. */
const createBatcher = (send: SweepOptions['send']) => {
  const pending = new Map<string, Judged>();
  const sending = new Set<Promise<void>>();
  const failures: unknown[] = [];

  const flush = async () => {
    if (pending.size === 0) return;
    const batch = [...pending.values()];
    pending.clear();
    const sent: Promise<void> = send(batch)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => sending.delete(sent));
    sending.add(sent);
    if (sending.size >= SENDS_IN_FLIGHT) await Promise.race(sending);
  };

  return {
    add: async (judged: Judged) => {
      pending.set(resourceKey(judged.resource), judged);
      if (pending.size === EVALUATIONS_PER_CALL) await flush();
    },
    close: async () => {
      await flush();
      await Promise.all(sending);
      if (failures.length > 0) throw failures[0];
    },
  };
};
