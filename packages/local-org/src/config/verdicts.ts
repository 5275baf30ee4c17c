export type ComplianceType = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';

/** The latest stored evaluation of a resource by a rule. */
export interface Verdict {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly complianceType: ComplianceType;
  readonly annotation?: string | undefined;
  readonly orderingTimestamp: Date;
  readonly recordedAt: Date;
  readonly invokedAt?: Date | undefined;
}

type StoreResult =
  | { readonly stored: true; readonly previous: Verdict | undefined }
  /** A newer verdict is already stored. */
  | { readonly stored: false; readonly newer: Verdict };

export interface Verdicts {
  readonly record: (ruleArn: string, verdict: Verdict) => StoreResult;
  readonly of: (ruleArn: string) => readonly Verdict[];
  readonly clear: (ruleArn: string) => void;
}

/** Stores verdicts; evaluations arrive in any order, and the latest ordering timestamp wins. */
export const createVerdicts = (): Verdicts => {
  const byRule = new Map<string, Map<string, Verdict>>();
  return {
    record: (ruleArn, verdict) => {
      const ofRule = byRule.get(ruleArn) ?? new Map<string, Verdict>();
      byRule.set(ruleArn, ofRule);
      const key = `${verdict.resourceType}/${verdict.resourceId}`;
      const previous = ofRule.get(key);
      if (previous !== undefined && previous.orderingTimestamp > verdict.orderingTimestamp) {
        return { stored: false, newer: previous };
      }
      ofRule.set(key, verdict);
      return { stored: true, previous };
    },
    of: (ruleArn) => [...(byRule.get(ruleArn)?.values() ?? [])],
    clear: (ruleArn) => {
      byRule.delete(ruleArn);
    },
  };
};
