/**
 * What a rule says of one resource, in AWS Config's words.
 * Every verdict but COMPLIANT says why; AWS Config shows it as the Annotation.
 */
export type Verdict =
  | { readonly complianceType: 'COMPLIANT' }
  /** `excluded`: the pattern by which the resource is AWS's or the landing zone's; such verdicts are counted apart. */
  | { readonly complianceType: 'NON_COMPLIANT'; readonly annotation: string; readonly excluded?: string }
  /** `exemption`: the id of the one that covers a violation; such verdicts are counted apart. */
  | { readonly complianceType: 'NOT_APPLICABLE'; readonly annotation: string; readonly exemption?: string };

export type ComplianceType = Verdict['complianceType'];

export const compliant = (): Verdict => ({ complianceType: 'COMPLIANT' });

/** @param annotation The violation, with the value that was found. */
export const nonCompliant = (annotation: string): Verdict => ({
  complianceType: 'NON_COMPLIANT',
  annotation,
});

/** @param annotation Why the rule does not concern the resource. */
export const notApplicable = (annotation: string): Verdict => ({
  complianceType: 'NOT_APPLICABLE',
  annotation,
});

/** A violation that somebody answers for. */
export const exempt = (exemption: string, annotation: string): Verdict => ({
  complianceType: 'NOT_APPLICABLE',
  annotation,
  exemption,
});

/** The exemption that covers a violation, if one does. */
export const exemptionOf = (verdict: Verdict): string | undefined =>
  verdict.complianceType === 'NOT_APPLICABLE' ? verdict.exemption : undefined;

/** The pattern by which a violating resource is AWS's or the landing zone's, if it is. */
export const exclusionOf = (verdict: Verdict): string | undefined =>
  verdict.complianceType === 'NON_COMPLIANT' ? verdict.excluded : undefined;

/** The annotation, or nothing where a verdict needs none. */
export const annotationOf = (verdict: Verdict): string | undefined =>
  verdict.complianceType === 'COMPLIANT' ? undefined : verdict.annotation;
