import type { NetworkAcl } from '@aws-sdk/client-ec2';
import type { Rule } from '@compliance/core/rule';
import { aclResource, describeAcl, entriesOf, Entry, ItemAcl, listAcls } from '@compliance/vpc-network';
import * as z from 'zod';

export const Facts = z.object({
  ownerId: z.string(),
  /** Whether a subnet has the ACL. */
  associated: z.boolean(),
  /** In the order in which EC2 applies them, without the last one, which denies all. */
  entries: z.array(Entry),
});
export type Facts = z.infer<typeof Facts>;

export const Handles = z.object({ subnets: z.array(z.string()) });
export type Handles = z.infer<typeof Handles>;

export const observe: Rule<Facts, unknown, Handles>['observe'] = {
  item: ({ configuration }) => {
    const parsed = ItemAcl.safeParse(configuration);
    return parsed.success ? observationOf(parsed.data) : undefined;
  },
  get: async ({ resourceId }, { session }) => {
    const acl = await describeAcl(resourceId, session);
    return acl && observationOf(acl);
  },
  list: async function* ({ session }) {
    for await (const acl of listAcls(session)) yield { resource: aclResource(acl), ...observationOf(acl) };
  },
};

const observationOf = (acl: NetworkAcl) => {
  const { OwnerId = '', Associations = [] } = acl;
  return {
    facts: { ownerId: OwnerId, associated: Associations.length > 0, entries: entriesOf(acl) },
    handles: { subnets: Associations.map(({ SubnetId = '' }) => SubnetId).toSorted() },
  };
};
