import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  EnableAWSServiceAccessCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { ACCOUNT_TYPE, hasCode, type Resource, type Session } from '@compliance/core/rule';

type Step = (admin: Session) => Promise<unknown>;

/** Seeds an organization that the account manages, and what the steps add to it in turn. */
export const managementAccount =
  (...steps: readonly Step[]) =>
  async (admin: Session): Promise<Resource> => {
    await created(admin);
    for (const step of steps) await step(admin);
    return { resourceType: ACCOUNT_TYPE, resourceId: admin.accountId };
  };

/** In the demo, the seeds of several rules share one organization. */
const created: Step = async (admin) => {
  try {
    await admin.client(OrganizationsClient).send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  } catch (error) {
    if (!hasCode(error, 'AlreadyInOrganizationException')) throw error;
  }
};

/** Lets the organization trust a service. */
export const trusting =
  (...principals: readonly string[]): Step =>
  async (admin) => {
    for (const ServicePrincipal of principals)
      await admin.client(OrganizationsClient).send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
  };

/** Creates a member. The emulator gives it its name, of twelve digits, as its id. */
export const withMember =
  (accountId: string): Step =>
  (admin) =>
    admin
      .client(OrganizationsClient)
      .send(new CreateAccountCommand({ AccountName: accountId, Email: `a${accountId}@example.com` }));
