import { change, firstOf, shortened, type Fix } from '@compliance/core/rule';
import { describeEntity, detach, type Entity } from '@compliance/iam-account';
import type * as z from 'zod';

import type { Facts, Handles } from './observe.ts';

interface Context {
  readonly facts: z.infer<typeof Facts>;
  readonly handles: z.infer<typeof Handles>;
  readonly parameters: { readonly allowedPolicyArns: readonly string[] };
}

/** Creates the fix that detaches a policy from these entities, if an administrator is left who could undo it. */
export const detachPolicy = (
  entities: readonly Entity[],
  { facts: { arn }, handles: { administrators, rolesInUse }, parameters }: Context,
): Fix => {
  const name = shortened(arn.slice(arn.lastIndexOf('/') + 1));
  const isInUse = ({ kind, name: role }: Entity) => kind === 'role' && rolesInUse.includes(role);
  const [inUse, idle] = [entities.filter(isInUse), entities.filter((one) => !isInUse(one))];
  const names = [...inUse.map((one) => `${describeEntity(one)} (in use)`), ...idle.map(describeEntity)];
  // An approval must not outlive the use of a role that is not shown.
  const count = names.length > SHOWN ? ` (roles in use: ${inUse.length})` : '';
  const attached = `${firstOf(names, SHOWN)}${count}`;
  if (parameters.allowedPolicyArns.length === 0)
    return {
      manual: `Grant ${attached} only what they need, then detach ${name}. For an automatic fix, name the policies that administrators keep in allowedPolicyArns.`,
    };
  if (administrators.length === 0)
    return {
      manual: `Attach AdministratorAccess to a role of your administrators before ${name} is detached from ${attached}: nobody else has it.`,
    };
  return change({
    description: `Detach ${name} from ${attached}, which then lack all that no other policy grants`,
    risk: 'disruptive',
    steps: entities.map((entity) => detach(entity, arn)),
    inCode: {
      terraform: `aws_iam_role_policy_attachment (or of a user or group): another policy_arn than that of ${name}`,
      cloudFormation: `AWS::IAM::ManagedPolicy: Statement without Action "*" on Resource "*"`,
    },
  });
};

const SHOWN = 2;
