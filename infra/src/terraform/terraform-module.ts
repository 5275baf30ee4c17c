import { RootConstruct } from 'constructs';
import { TerraformOutput, TerraformStack, TerraformVariable, type TerraformVariableConfig } from 'cdktf';

/** The provider versions that have everything the modules use; the bindings know only one of them. */
export const REQUIRED = {
  required_version: '>= 1.5.0',
  required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
};

/**
 * Those that have whole resource policies of functions and `removed` blocks.
 * 6.66 is the version of the bindings; which version had the resource first is not known here.
 * @see https://registry.terraform.io/providers/hashicorp/aws/6.66.0/docs/resources/lambda_resource_policy
 */
export const REQUIRED_FOR_POLICIES: typeof REQUIRED = {
  required_version: '>= 1.7.0',
  required_providers: { aws: { source: 'hashicorp/aws', version: '>= 6.66.0, < 7.0.0' } },
};

/**
 * Creates a Terraform module without provider and backend.
 * It serves as a child module and, with two small files beside it, as a root.
 */
export const terraformModule = (
  name: string,
  build: (stack: TerraformStack) => void,
  required = REQUIRED,
): TerraformStack => {
  const stack = new TerraformStack(new RootConstruct(), name);
  stack.addOverride('terraform', required);
  build(stack);
  return stack;
};

/** Renders `main.tf.json`: the same text for the same module, without cdktf's own metadata. */
export const moduleText = (stack: TerraformStack): string =>
  `${JSON.stringify(withoutComments(stack.toTerraform()), null, 2)}\n`;

const withoutComments = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '//')
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, nested]) => [key, withoutComments(nested)]),
  );
};

/** Adds a variable and returns the expression that reads it. */
export const addVariable = (
  stack: TerraformStack,
  name: string,
  config: TerraformVariableConfig & { readonly type: string; readonly description: string },
): string => {
  new TerraformVariable(stack, name, { nullable: false, ...config });
  return `\${var.${name}}`;
};

export const addOutput = (stack: TerraformStack, name: string, value: unknown, description: string): void => {
  new TerraformOutput(stack, name, { value, description });
};
