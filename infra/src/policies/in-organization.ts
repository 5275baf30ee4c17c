import { defined, type Grant } from '@compliance/core';

/**
 * The condition that a resource belongs to the organization, where one is known.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceorgid
 */
export const inOrganization = (
  organizationId: string | undefined,
): Pick<Exclude<Grant, string>, 'condition'> =>
  defined({
    condition:
      organizationId === undefined ? undefined : { StringEquals: { 'aws:ResourceOrgID': organizationId } },
  });
