import {
  GetInstanceProfileCommand,
  IAMClient,
  paginateListInstanceProfiles,
  type InstanceProfile,
} from '@aws-sdk/client-iam';
import { hasCode, type Session } from '@compliance/core/rule';

type Profile = Pick<InstanceProfile, 'InstanceProfileId' | 'Arn' | 'Roles'>;

/** Reads an instance profile, live. `undefined`: it is gone. */
export const readProfile = async (arn: string, session: Session): Promise<Profile | undefined> => {
  try {
    const command = new GetInstanceProfileCommand({ InstanceProfileName: profileName(arn) });
    return (await session.client(IAMClient).send(command)).InstanceProfile;
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};

/** The instance profiles of the account by ARN, listed once for all Regions. */
export const sharedProfiles = (session: Session): Promise<ReadonlyMap<string, Profile>> =>
  session.onceInAccount('iam/instance-profiles', async () => {
    const client = session.client(IAMClient);
    const pages = await Array.fromAsync(paginateListInstanceProfiles({ client, pageSize: 1000 }, {}));
    const profiles = pages.flatMap(({ InstanceProfiles = [] }) => InstanceProfiles);
    return new Map(profiles.map((profile) => [profile.Arn ?? '', profile]));
  });

/** The name of a profile in its ARN, which may have a path before it. */
export const profileName = (arn: string): string => arn.split('/').at(-1) ?? arn;
