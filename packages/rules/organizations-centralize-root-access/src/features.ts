import { IAMClient, ListOrganizationsFeaturesCommand } from '@aws-sdk/client-iam';
import { hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

/** What IAM manages of root across the organization. */
export const Features = z.object({
  /** An organization for consolidated billing alone cannot have central root access. */
  allFeatures: z.boolean(),
  /** Whether the organization trusts IAM; without it, no feature can be on. */
  trustedAccess: z.boolean(),
  /** Sorted: RootCredentialsManagement, RootSessions. */
  enabled: z.array(z.string()),
});
export type Features = z.infer<typeof Features>;

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html */
export const readFeatures = async (session: Session): Promise<Features> => {
  try {
    const { EnabledFeatures = [] } = await session
      .client(IAMClient)
      .send(new ListOrganizationsFeaturesCommand({}));
    return { allFeatures: true, trustedAccess: true, enabled: EnabledFeatures.toSorted() };
  } catch (error) {
    const allFeatures = hasCode(error, 'ServiceAccessNotEnabledException');
    if (allFeatures || hasCode(error, 'OrganizationNotInAllFeaturesModeException'))
      return { allFeatures, trustedAccess: false, enabled: [] };
    throw error;
  }
};
