import * as z from 'zod/mini';

import { columns, IntegerLists, Integers, Seconds, Texts } from './columns.ts';
import { OldestOpen } from './findings.ts';
import { header } from './header.ts';
import { Remediation, TimeToRemediate } from './remediation.ts';
import { FrameworkRow, RuleRow } from './rules.ts';
import { CountColumns } from './states.ts';

/** The file that the page loads first: everything about the organization but single resources. */
export const Overview = z.object({
  ...header('overview'),
  organization: z.object({ id: z.string(), name: z.string() }),
  /** The dictionary of this file. */
  texts: Texts,
  rules: z.array(RuleRow),
  /** Newest first. The first one is shown first. */
  frameworks: z.array(FrameworkRow),
  /** Paths of OUs: `Root/Workloads/Prod`. Others name a unit by its index. */
  units: Texts,
  /** Row = unit × number of rules + rule. */
  matrix: CountColumns,
  /** Row: an account. Others name it by its index; `account/<index>.json` is its file. */
  accounts: columns({
    id: Texts,
    name: Texts,
    /** Indexes of units. */
    unit: Integers,
    /** Indexes into `texts` or `NONE`. */
    owner: Integers,
    /** Seconds since 1970 of the last complete sweep, or 0 when there was none. */
    swept: Integers,
  }),
  /** Row: an account. */
  accountCounts: CountColumns,
  /** Row: an instant of `at`, oldest first. The last one is `asOf`. */
  trend: z.object({
    /** Seconds since 1970. */
    at: Integers,
    counts: CountColumns,
  }),
  /** Periods of which the ledger has no record, or not all. The trend is interrupted there. */
  gaps: columns({
    /** Seconds since 1970. */
    from: Integers,
    to: Integers,
    /** Indexes into `texts`. */
    reason: Integers,
  }),
  /** Lines of the ledger that could not be read and are counted nowhere. */
  skipped: z.int(),
  timeToRemediate: TimeToRemediate,
  /** The violations that are open the longest, oldest first, at most 100. */
  oldestOpen: OldestOpen,
  /** Where violations and unknown resources increased, worst first, at most 100. */
  worse: z.object({
    /** Compared with this instant. */
    since: Seconds,
    rows: columns({ unit: Integers, rule: Integers, before: Integers, now: Integers }),
  }),
  /** By owner, most open ones first. Resources without owner have no row. */
  owners: columns({
    name: Texts,
    /** Violating and unknown now. */
    open: Integers,
    exempt: Integers,
    /** Fixed for them, and failed to, in the period of `remediation`. */
    fixed: Integers,
    failed: Integers,
    /** Indexes of the accounts that have findings of them, most first. */
    accounts: IntegerLists,
  }),
  /** Ended ones, whose date has passed, included for 90 days. */
  exemptions: columns({
    id: Texts,
    /** Indexes of rules; an empty list: every rule. */
    rules: IntegerLists,
    /** Indexes into `texts`: accounts, OUs, Regions, resources and tags in words. */
    scope: Integers,
    /** How many violations it covers now. */
    count: Integers,
    reason: Texts,
    /** Indexes into `texts`. */
    owner: Integers,
    approver: Integers,
    ticket: Integers,
    /** Seconds since 1970: exclusive. */
    expires: Integers,
  }),
  remediation: Remediation,
  /** What of the data comes from sealed hours of the ledger. Absent where it is not sealed. */
  evidence: z.optional(
    z.object({
      /** Seconds since 1970: what arrived before is sealed, and was verified when it was read. */
      until: Seconds,
      /** SHA-256 of the newest head, in hexadecimal digits. */
      head: z.string(),
      /**
       * `incomplete`: hours are missing. `signer-not-proven`: no fingerprint from outside says whose key it has to be.
       * `other-key`: it is not that key.
       */
      verified: z.enum(['verified', 'incomplete', 'signer-not-proven', 'other-key']),
      /** How many hours are missing between sealed ones. `gaps` names them. */
      missingHours: z.int(),
    }),
  ),
  /** Which of the other files were written. */
  levels: z.object({
    units: z.boolean(),
    /** Indexes of accounts with a file, or all of them. */
    accounts: z.union([z.literal('all'), Integers]),
    /** Rows of `verdicts.parquet`, 0 when it was not written. */
    verdicts: z.int(),
  }),
  /** What is not shown and why, in words: `Without resources: 5,000 accounts are too many for one file.` */
  notes: Texts,
});
export type Overview = z.infer<typeof Overview>;
