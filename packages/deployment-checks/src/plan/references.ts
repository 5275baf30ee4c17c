import * as z from 'zod';

import type { ConfiguredModule, PlanJson, ResourceChange } from './plan-json.ts';

const Expression = z.object({ references: z.array(z.string()).default([]) });

/**
 * The resources of the same module that an attribute's value comes from, while the value itself is known only after
 * apply: an attachment of a policy that is still to be made.
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
          (reference) => reference.startsWith(`${target.type}.${target.name}`) && isWhole(reference, target),
        ),
    );
    // Instances of for_each and count go together by their index, where both have one.
    const sameIndex = targets.filter(({ index }) => index !== undefined && index === from.index);
    return sameIndex.length > 0 ? sameIndex : targets;
  };

/** What the code says of a resource, argument by argument; `undefined` where the plan does not hold the code. */
export const expressionsOf = (
  plan: PlanJson,
  { module_address: address, type, name }: ResourceChange,
): Readonly<Record<string, unknown>> | undefined =>
  moduleAt(plan, address)?.resources?.find((resource) => resource.type === type && resource.name === name)
    ?.expressions;

/** `aws_iam_policy.a.arn` and `aws_iam_policy.a[0].arn`, but not `aws_iam_policy.ab.arn`. */
const isWhole = (reference: string, { type, name }: ResourceChange): boolean =>
  ['', '.', '['].includes(reference.charAt(`${type}.${name}`.length));

const moduleAt = (plan: PlanJson, address: string): ConfiguredModule | undefined => {
  const names = address.match(/module\.[^.[]+/g)?.map((step) => step.slice('module.'.length)) ?? [];
  return names.reduce<ConfiguredModule | undefined>(
    (module, name) => module?.module_calls?.[name]?.module,
    plan.configuration?.root_module,
  );
};
