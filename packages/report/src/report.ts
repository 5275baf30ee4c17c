import type { Plan, Severity } from '@compliance/core';
import type { AppliedChange, LedgerSummary } from '@compliance/ledger';

import type { Finding, Unreadable } from './finding.ts';

/** What a reader wants to know of a rule. */
export interface RuleNote {
  readonly title: string;
  readonly rationale: string;
  readonly severity: Severity;
  readonly controls: Readonly<Record<string, readonly string[]>>;
}

/** All that a report page shows. */
export interface Report {
  readonly title: string;
  readonly createdAt: Date;
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
  readonly plans: readonly Plan[];
  readonly changes: readonly AppliedChange[];
  /** By command, where known. */
  readonly rules: Readonly<Record<string, RuleNote>>;
  /** Account id → name, where known. */
  readonly accountNames: Readonly<Record<string, string>>;
}

type Known = Partial<Pick<Report, 'rules' | 'accountNames'>>;

/** The report of what a ledger holds. */
export const reportOfLedger = (
  { verdicts, failures, plans, changes }: LedgerSummary,
  { title, createdAt, rules = {}, accountNames = {} }: Pick<Report, 'title' | 'createdAt'> & Known,
): Report => ({
  title,
  createdAt,
  rules,
  accountNames,
  plans,
  changes,
  findings: verdicts.map(
    ({
      accountId,
      region,
      command,
      severity,
      resource,
      complianceType,
      annotation,
      exemption,
      excluded,
    }) => ({
      accountId,
      region,
      command,
      complianceType,
      annotation,
      exemption,
      excluded,
      severity: severity ?? rules[command]?.severity,
      resourceType: resource.resourceType,
      resourceId: resource.resourceId,
    }),
  ),
  unreadable: failures.map(({ accountId, region, command, resource, error }) => ({
    accountId,
    region,
    command,
    resourceType: resource?.resourceType,
    resourceId: resource?.resourceId,
    message: error.message,
  })),
});

/** The report of one scan: it plans and changes nothing. */
export const reportOfScan = (
  scan: Pick<Report, 'title' | 'createdAt' | 'findings' | 'unreadable'> & Known,
): Report => ({ plans: [], changes: [], rules: {}, accountNames: {}, ...scan });
