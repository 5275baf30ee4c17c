import type { DeployedPolicy, DeployedRole } from '../model/deployment.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import type { PlanJson, ResourceChange } from './plan-json.ts';
import type { Planned, PlannedResources } from './planned-resources.ts';
import { referencesIn } from './references.ts';

/** Policies of a role. `undefined`: a policy that is known only after apply. */
type Attached = readonly (DeployedPolicy | undefined)[];

/** The roles of a plan, with their attached and inline policies. */
export const plannedRoles = (plan: PlanJson, { of }: PlannedResources): readonly DeployedRole[] => {
  const policies = of('aws_iam_policy');
  const attachments = of('aws_iam_role_policy_attachment');
  const inline = of('aws_iam_role_policy');
  const referencesOf = referencesIn(plan);

  const attachedBy = (change: ResourceChange, arn: string | undefined, accountId: string): Attached => {
    const found =
      arn === undefined
        ? policies.filter((policy) => referencesOf(change, 'policy_arn').includes(policy.change))
        : policies.filter(
            (policy) =>
              policy.accountId === accountId &&
              arn.endsWith(`/${policy.values.name}`) &&
              arn.includes(`:${accountId}:`),
          );
    if (found.length > 0) return found.map(({ values: { name, policy } }) => policyOf(name, policy));
    return [arn === undefined ? undefined : { name: arn }];
  };

  const isOf = (role: Planned<{ name: string }>) => (part: Planned<{ role: string }>) =>
    part.accountId === role.accountId && part.values.role === role.values.name;

  return of('aws_iam_role').map((role) => {
    const {
      name,
      assume_role_policy: trust,
      inline_policy: ownInline,
      managed_policy_arns: arns,
      permissions_boundary: boundary,
    } = role.values;
    const attached = attachments.filter(isOf(role));
    const all: Attached = [
      ...attached.flatMap(({ change, values }) => attachedBy(change, values.policy_arn, role.accountId)),
      ...inline.filter(isOf(role)).map(({ values }) => inlineOf(values.name, values.policy)),
      ...(ownInline ?? []).flatMap((policy) =>
        // Terraform has an empty block for "no inline policies".
        policy.policy === undefined ? [] : inlineOf(policy.name, policy.policy),
      ),
      // After apply, `managed_policy_arns` repeats the attachments of the same plan.
      ...(attached.length > 0
        ? []
        : (arns ?? []).flatMap((arn) => attachedBy(role.change, arn, role.accountId))),
    ];
    const known = all.filter((policy) => policy !== undefined);
    return {
      accountId: role.accountId,
      name,
      trust: trust === undefined ? undefined : parsePolicyDocument(trust),
      policies: known.length === all.length ? known : undefined,
      boundary,
    };
  });
};

const policyOf = (name: string, text: string | undefined): DeployedPolicy | undefined =>
  text === undefined
    ? undefined
    : { name, document: parsePolicyDocument(text), characters: text.replaceAll(/\s/g, '').length };

const inlineOf = (name: string | undefined, text: string | undefined): DeployedPolicy | undefined => {
  const policy = policyOf(name ?? 'inline', text);
  return policy && { ...policy, isInline: true };
};
