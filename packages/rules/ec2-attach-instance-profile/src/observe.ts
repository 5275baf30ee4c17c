import type { IamInstanceProfile, Instance } from '@aws-sdk/client-ec2';
import type { Rule } from '@compliance/core/rule';
import { describeInstance, isTerminated, resourceOf, sharedInstances } from '@compliance/ec2-instances';
import * as z from 'zod';

import { profileName, readProfile, sharedProfiles } from './profiles.ts';

/** Why an instance profile gives no credentials. */
const PROBLEMS = ['gone', 'recreated', 'without-role'] as const;

export const Facts = z.object({
  terminated: z.boolean(),
  /** `null`: the instance has none. */
  profile: z.object({ name: z.string(), problem: z.enum(PROBLEMS).exactOptional() }).nullable(),
});
export type Facts = z.infer<typeof Facts>;

export const observe: Rule<Facts>['observe'] = {
  // An item shows which profile an instance has, and not whether that one has a role.
  item: ({ configuration }) => {
    const parsed = ItemConfiguration.safeParse(configuration);
    return parsed.success
      ? { facts: { terminated: isTerminated(parsed.data.state.name), profile: null } }
      : undefined;
  },

  get: async ({ resourceId }, { session }) => {
    const instance = await describeInstance(resourceId, session);
    return instance && { facts: await factsOf(instance, (arn) => readProfile(arn, session)) };
  },

  list: async function* ({ session }) {
    for (const instance of await sharedInstances(session))
      yield {
        resource: resourceOf(instance),
        facts: await factsOf(instance, async (arn) => (await sharedProfiles(session)).get(arn)),
      };
  },
};

const factsOf = async (
  { State, IamInstanceProfile: attached }: Instance,
  profileOf: (arn: string) => ReturnType<typeof readProfile>,
): Promise<Facts> => {
  const terminated = isTerminated(State?.Name);
  if (terminated || attached?.Arn === undefined) return { terminated, profile: null };
  const problem = problemOf(attached, await profileOf(attached.Arn));
  return {
    terminated,
    profile: { name: profileName(attached.Arn), ...(problem !== undefined && { problem }) },
  };
};

const problemOf = (
  { Id }: IamInstanceProfile,
  profile: Awaited<ReturnType<typeof readProfile>>,
): (typeof PROBLEMS)[number] | undefined => {
  if (!profile) return 'gone';
  // The instance keeps the id of the deleted profile, and a new one of the same name gives it nothing.
  if (profile.InstanceProfileId !== Id) return 'recreated';
  return profile.Roles?.length === 0 ? 'without-role' : undefined;
};

/** Decides only on an instance without a profile that is not just starting. */
const ItemConfiguration = z.object({
  state: z.object({ name: z.enum(['running', 'stopping', 'stopped', 'shutting-down', 'terminated']) }),
  iamInstanceProfile: z.null(),
});
