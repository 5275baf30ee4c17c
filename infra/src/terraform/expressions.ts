/** Terraform's expressions for the place that a module is applied to. */
export const PARTITION = '${data.aws_partition.current.partition}';
export const ACCOUNT_ID = '${data.aws_caller_identity.current.account_id}';
/** The `id`, because `name` is deprecated in provider 6 and `region` is absent in 5. */
export const REGION = '${data.aws_region.current.id}';

/**
 * A document as Terraform's text. IAM's own `${aws:…}` must not be taken for an expression: only what looks like one
 * of ours stays one.
 */
export const documentText = (document: object): string =>
  JSON.stringify(document)
    .replaceAll(/\$\{(?!data\.|var\.)/g, '$$$${')
    .replaceAll('%{', '%%{');

/** `compliance-evaluate-2` → `compliance_evaluate_2`: the name of a resource within a module. */
export const resourceName = (name: string): string => name.replaceAll(/\W+/g, '_');
