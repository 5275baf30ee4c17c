import { SEVERITIES, type ComplianceType, type Severity } from '@compliance/core/scan';

/** A verdict as reports show it, from a scan or from the ledger. */
export interface Finding {
  readonly accountId: string;
  readonly region: string;
  readonly command: string;
  readonly severity?: Severity | undefined;
  readonly resourceType: string;
  readonly resourceId: string;
  /** The name, where it is not the id: of a user, of a security group. */
  readonly resourceName?: string | undefined;
  readonly arn?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Framework → the ids of the rule's controls. */
  readonly controls?: Readonly<Record<string, readonly string[]>> | undefined;
  /** When the resource was evaluated, in ISO 8601. */
  readonly time?: string | undefined;
  readonly complianceType: ComplianceType;
  readonly annotation?: string | undefined;
  /** The id of the exemption that covers the violation. */
  readonly exemption?: string | undefined;
  /** The pattern that marks the violating resource as managed by AWS or the landing zone. */
  readonly excluded?: string | undefined;
  /** Who hears of the finding: the resource's tag, the account's owner or its security contact. */
  readonly owner?: string | undefined;
  /** Who approved the newest plan for the resource that anybody approved. */
  readonly approver?: string | undefined;
}

/** A resource, or all resources of a type, whose evaluation failed. */
export interface Unreadable {
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  readonly command?: string | undefined;
  readonly resourceType?: string | undefined;
  /** Missing if listing the resources failed. */
  readonly resourceId?: string | undefined;
  readonly owner?: string | undefined;
  readonly message: string;
}

/** The resource as a person calls it: `alice (AIDA…)`, or the id where that is its name. */
export const resourceLabel = ({
  resourceId,
  resourceName,
}: Pick<Finding, 'resourceId' | 'resourceName'>): string =>
  resourceName === undefined || resourceName === resourceId ? resourceId : `${resourceName} (${resourceId})`;

export const isViolation = ({ complianceType }: Pick<Finding, 'complianceType'>): boolean =>
  complianceType === 'NON_COMPLIANT';

export const isExempt = ({ exemption }: Pick<Finding, 'exemption'>): boolean => exemption !== undefined;

/** Whether AWS or the landing zone manages the violating resource, so that it is never fixed. */
export const isExcluded = ({ excluded }: Pick<Finding, 'excluded'>): boolean => excluded !== undefined;

const rankOf = (severity: Severity | undefined) => (severity ? SEVERITIES.indexOf(severity) : -1);

/** Orders by severity, worst first; then by rule, account, Region and resource. */
export const byUrgency = (a: Finding, b: Finding): number =>
  rankOf(b.severity) - rankOf(a.severity) || compare(sortKey(a), sortKey(b));

const sortKey = ({ command, accountId, region, resourceType, resourceId }: Finding) =>
  [command, accountId, region, resourceType, resourceId].join('\n');

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
