/** Terraform's expressions for the account and Region that a module is applied to. */
export const PARTITION = '${data.aws_partition.current.partition}';
export const ACCOUNT_ID = '${data.aws_caller_identity.current.account_id}';
/** The `id`, because `name` is deprecated in provider 6 and `region` is absent in 5. */
export const REGION = '${data.aws_region.current.id}';

/**
 * Renders a document as Terraform text. Escapes IAM's own `${aws:…}`, which Terraform would evaluate.
 * Only expressions that begin with `data.`, `var.` or a type of the AWS provider stay expressions.
 */
export const documentText = (document: object): string =>
  JSON.stringify(document)
    .replaceAll(/\$\{(?!data\.|var\.|aws_)/g, '$$$${')
    .replaceAll('%{', '%%{');

/** The name of a resource within a module: `compliance-evaluate-2` → `compliance_evaluate_2`. */
export const resourceName = (name: string): string => name.replaceAll(/\W+/g, '_');
