import { annotationText } from './texts.ts';

/**
 * The verdict of a rule on one resource, in AWS Config's words.
 * Every verdict except COMPLIANT has a reason, which AWS Config shows as the Annotation.
 */
export type Verdict =
  | { readonly complianceType: 'COMPLIANT' }
  /** `excluded`: the pattern of AWS's or the landing zone's resources that matches; counted separately. */
  | { readonly complianceType: 'NON_COMPLIANT'; readonly annotation: string; readonly excluded?: string }
  /** `exemption`: the id of the exemption that covers the violation; counted separately. */
  | { readonly complianceType: 'NOT_APPLICABLE'; readonly annotation: string; readonly exemption?: string };

export type ComplianceType = Verdict['complianceType'];

export const compliant = (): Verdict => ({ complianceType: 'COMPLIANT' });

/** @param annotation The violation, with the value that was found. Names in it may be long and have any characters. */
export const nonCompliant = (annotation: string): Verdict => ({
  complianceType: 'NON_COMPLIANT',
  annotation: annotationText(annotation),
});

/** @param annotation Why the rule does not concern the resource. */
export const notApplicable = (annotation: string): Verdict => ({
  complianceType: 'NOT_APPLICABLE',
  annotation: annotationText(annotation),
});

/** A violation that an exemption covers. */
export const exempt = (exemption: string, annotation: string): Verdict => ({
  complianceType: 'NOT_APPLICABLE',
  annotation,
  exemption,
});

/** The exemption that covers a violation, if one does. */
export const exemptionOf = (verdict: Verdict): string | undefined =>
  verdict.complianceType === 'NOT_APPLICABLE' ? verdict.exemption : undefined;

/** The pattern of AWS's or the landing zone's resources that a violating resource matches. */
export const exclusionOf = (verdict: Verdict): string | undefined =>
  verdict.complianceType === 'NON_COMPLIANT' ? verdict.excluded : undefined;

/** The annotation; `undefined` for COMPLIANT. */
export const annotationOf = (verdict: Verdict): string | undefined =>
  verdict.complianceType === 'COMPLIANT' ? undefined : verdict.annotation;
