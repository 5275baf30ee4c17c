import type { Exemption } from '@compliance/core';
import type { FrameworkRow, RuleRow } from '@compliance/dashboard-data';

/** What the state does not know of an organization: names, units and what rules mean. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly rules: readonly RuleRow[];
  /** Newest first. Their requirements name rules by their index in `rules`. */
  readonly frameworks: readonly FrameworkRow[];
  readonly accounts: readonly OrganizationAccount[];
  readonly exemptions: readonly Exemption[];
}

export interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  /** The path of its OU. */
  readonly unit: string;
  readonly owner?: string;
}
