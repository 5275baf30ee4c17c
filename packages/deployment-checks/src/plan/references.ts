import * as z from 'zod';

import type { ConfiguredModule, PlanJson, ResourceChange } from './plan-json.ts';

const Expression = z.object({ references: z.array(z.string()).default([]) });

/**
 * Finds the resources of the same module to which an attribute refers. Needed while the value is known only after
 * apply, such as the ARN of a policy that does not exist yet.
 */
export const referencesIn =
  (plan: PlanJson) =>
  (from: ResourceChange, attribute: string): readonly ResourceChange[] => {
    const expression = Expression.safeParse(expressionsOf(plan, from)?.[attribute]);
    const references = expression.success ? expression.data.references : [];
    const targets = plan.resource_changes.filter(
      (target) =>
        target.module_address === from.module_address &&
        references.some(
          (reference) => reference.startsWith(`${target.type}.${target.name}`) && refersTo(reference, target),
        ),
    );
    // Instances of for_each and count match by index, if both have one.
    const sameIndex = targets.filter(({ index }) => index !== undefined && index === from.index);
    return sameIndex.length > 0 ? sameIndex : targets;
  };

/** The arguments of a resource in the Terraform code; `undefined` if the plan has no code. */
export const expressionsOf = (
  plan: PlanJson,
  { module_address: address, type, name }: ResourceChange,
): Readonly<Record<string, unknown>> | undefined =>
  moduleAt(plan, address)?.resources?.find((resource) => resource.type === type && resource.name === name)
    ?.expressions;

/** Whether a reference such as `aws_iam_policy.a.arn` or `aws_iam_policy.a[0].arn` refers to `aws_iam_policy.a`. */
const refersTo = (reference: string, { type, name }: ResourceChange): boolean =>
  ['', '.', '['].includes(reference.charAt(`${type}.${name}`.length));

const moduleAt = (plan: PlanJson, address: string): ConfiguredModule | undefined => {
  const names = address.match(/module\.[^.[]+/g)?.map((step) => step.slice('module.'.length)) ?? [];
  return names.reduce<ConfiguredModule | undefined>(
    (module, name) => module?.module_calls?.[name]?.module,
    plan.configuration?.root_module,
  );
};
