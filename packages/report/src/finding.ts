import { SEVERITIES, type ComplianceType, type Severity } from '@compliance/core';

/** A verdict as reports show it, whether a scan gave it or the ledger kept it. */
export interface Finding {
  readonly accountId: string;
  readonly region: string;
  readonly command: string;
  readonly severity?: Severity | undefined;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly complianceType: ComplianceType;
  readonly annotation?: string | undefined;
  /** The id of the exemption that covers the violation. */
  readonly exemption?: string | undefined;
  /** The pattern by which the violating resource is AWS's or the landing zone's. */
  readonly excluded?: string | undefined;
}

/** What could not be judged, and why. */
export interface Unreadable {
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  readonly command?: string | undefined;
  readonly resourceType?: string | undefined;
  /** Left out when the listing itself failed. */
  readonly resourceId?: string | undefined;
  readonly message: string;
}

export const isViolation = ({ complianceType }: Pick<Finding, 'complianceType'>): boolean =>
  complianceType === 'NON_COMPLIANT';

export const isExempt = ({ exemption }: Pick<Finding, 'exemption'>): boolean => exemption !== undefined;

/** Whether the violating resource is AWS's or the landing zone's: no fix of ours will mend it. */
export const isExcluded = ({ excluded }: Pick<Finding, 'excluded'>): boolean => excluded !== undefined;

const rankOf = (severity: Severity | undefined) => (severity ? SEVERITIES.indexOf(severity) : -1);

/** The worst first, then by command, account, Region and resource. */
export const byUrgency = (a: Finding, b: Finding): number =>
  rankOf(b.severity) - rankOf(a.severity) || compare(placeOf(a), placeOf(b));

const placeOf = ({ command, accountId, region, resourceType, resourceId }: Finding) =>
  [command, accountId, region, resourceType, resourceId].join('\n');

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
