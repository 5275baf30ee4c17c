import { firstOf, shortened, type Fix } from '@compliance/core/rule';
import { describeEntity, planDetachment, type Entity } from '@compliance/iam-account';
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
  { facts: { arn }, handles: { administrators, inUse }, parameters }: Context,
): Fix => {
  const name = shortened(arn.slice(arn.lastIndexOf('/') + 1));
  const attached = inWords(entities, inUse);
  if (parameters.allowedPolicyArns.length === 0)
    return {
      manual: `Grant ${attached} only what they need, then detach ${name}. For an automatic fix, name the policies that administrators keep in allowedPolicyArns.`,
    };
  if (administrators.length === 0)
    return {
      manual: `Attach AdministratorAccess to a role of your administrators before ${name} is detached from ${attached}: nobody else has it.`,
    };
  return planDetachment(entities, {
    policyArn: arn,
    describe: (others) =>
      `Detach ${name} from ${inWords(others, inUse)}, which then lack all that no other policy grants`,
    inCode: {
      terraform: `aws_iam_role_policy_attachment (or of a user or group): another policy_arn than that of ${name}`,
      cloudFormation: `AWS::IAM::ManagedPolicy: Statement without Action "*" on Resource "*"`,
    },
  });
};

/** Those in use first. An approval must not outlive the use of one that is not shown: all of them are counted. */
const inWords = (entities: readonly Entity[], inUse: readonly Entity[]): string => {
  const isInUse = (one: Entity) => inUse.some(({ kind, name }) => kind === one.kind && name === one.name);
  const [used, idle] = [entities.filter(isInUse), entities.filter((one) => !isInUse(one))];
  const names = [...used.map((one) => `${describeEntity(one)} (in use)`), ...idle.map(describeEntity)];
  return `${firstOf(names, SHOWN)}${names.length > SHOWN ? ` (in use: ${used.length})` : ''}`;
};

const SHOWN = 2;
