import * as z from 'zod/mini';

import { columns, Integers, Seconds, Texts } from './columns.ts';

/** What became of a fix. `applied`: it takes effect later. `limited`: a limit or the circuit breaker held it back. */
export const OUTCOMES = ['fixed', 'applied', 'failed', 'undone', 'undo-failed', 'limited'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The fixes of a period. */
export const Remediation = z.object({
  /** The period begins here and ends at `asOf`. */
  since: Seconds,
  /** One row per rule of the catalogue, in its order. How many in the period, or now for `waiting`. */
  byRule: columns({
    fixed: Integers,
    applied: Integers,
    failed: Integers,
    undone: Integers,
    /** Resources whose fix somebody reverted, so that it is no more applied by itself. */
    flapping: Integers,
    /** Fixes that a limit or the circuit breaker held back. */
    limited: Integers,
    /** Plans that wait for an approval now. */
    waiting: Integers,
  }),
  /** The newest fixes, newest first, at most 1,000. `total` says how many there are in the period. */
  recent: columns({
    /** Seconds since 1970. */
    time: Integers,
    /** Indexes of rules. */
    rule: Integers,
    /** Indexes of accounts. */
    account: Integers,
    resource: Texts,
    /** Indexes into `texts`; the Region. */
    region: Integers,
    /** Indexes into `OUTCOMES`. */
    outcome: Integers,
    /** Indexes into `texts`: why, or what changed. */
    text: Integers,
    /** Indexes into `texts` or `NONE`: who approved it or asked for it. */
    actor: Integers,
    /** Indexes into `texts` or `NONE`. */
    owner: Integers,
    /** Indexes into `texts` or `NONE`: the id that `compliance changes undo` takes. */
    change: Integers,
  }),
  total: z.int(),
  /** Resources whose fix is reverted again and again. */
  flapping: columns({
    rule: Integers,
    account: Integers,
    resource: Texts,
    /** How often in the period. */
    times: Integers,
    /** Indexes into `texts` or `NONE`: who reverts it. */
    changedBy: Integers,
  }),
});
export type Remediation = z.infer<typeof Remediation>;

/** How long violations lasted that ended in the period, in whole seconds. */
export const TimeToRemediate = z.object({
  since: Seconds,
  /** How many violations ended. */
  count: z.int(),
  /** Absent where none ended. */
  mean: z.optional(z.int()),
  p90: z.optional(z.int()),
  /** The rules where any ended. */
  byRule: columns({ rule: Integers, count: Integers, mean: Integers, p90: Integers }),
});
export type TimeToRemediate = z.infer<typeof TimeToRemediate>;
