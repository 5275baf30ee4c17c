import type { Plan, Severity } from '@compliance/core';
import type { AppliedChange, CoursePoint, LedgerSummary } from '@compliance/ledger';

import type { Finding, Unreadable } from './finding.ts';

/** A rule as reports describe it. */
interface RuleNote {
  readonly title: string;
  readonly rationale: string;
  readonly severity: Severity;
  readonly controls: Readonly<Record<string, readonly string[]>>;
}

/** The content of a report page. */
export interface Report {
  readonly title: string;
  readonly createdAt: Date;
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
  readonly plans: readonly Plan[];
  readonly changes: readonly AppliedChange[];
  /** How the number of violations changed; empty if it is not known. */
  readonly course: readonly CoursePoint[];
  /** Notes on rules, by command, if known. */
  readonly rules: Readonly<Record<string, RuleNote>>;
  /** Account id → name, if known. */
  readonly accountNames: Readonly<Record<string, string>>;
  /** Account id → organizational unit, if known. */
  readonly accountUnits: Readonly<Record<string, string>>;
}

type Names = Partial<Pick<Report, 'rules' | 'accountNames' | 'accountUnits'>>;

/** Builds the report of a ledger. */
export const reportOfLedger = (
  { verdicts, failures, plans, changes, course }: LedgerSummary,
  {
    title,
    createdAt,
    rules = {},
    accountNames = {},
    accountUnits = {},
  }: Pick<Report, 'title' | 'createdAt'> & Names,
): Report => ({
  title,
  createdAt,
  rules,
  accountNames,
  accountUnits,
  plans,
  changes,
  course,
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
      owner,
      approver,
    }) => ({
      accountId,
      region,
      command,
      complianceType,
      annotation,
      exemption,
      excluded,
      owner,
      approver,
      severity: severity ?? rules[command]?.severity,
      resourceType: resource.resourceType,
      resourceId: resource.resourceId,
      resourceName: resource.resourceName,
      arn: resource.arn,
      tags: resource.tags,
      controls: rules[command]?.controls,
    }),
  ),
  unreadable: failures.map(({ accountId, region, command, resource, owner, error }) => ({
    accountId,
    region,
    command,
    resourceType: resource?.resourceType,
    resourceId: resource?.resourceId,
    owner,
    message: error.message,
  })),
});

/** Builds the report of one scan, which has no plans and no changes. */
export const reportOfScan = (
  scan: Pick<Report, 'title' | 'createdAt' | 'findings' | 'unreadable'> & Names,
): Report => ({ plans: [], changes: [], course: [], rules: {}, accountNames: {}, accountUnits: {}, ...scan });
