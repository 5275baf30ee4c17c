import { hasCode, observeAccount, type Reads, type Rule, type Session } from '@compliance/core/rule';

/** Why a rule on the organization does not concern an account. */
export const NO_ORGANIZATION = 'The account is in no organization.';

/** What a rule observes of an organization; `null`: the account is in none. */
interface Facts<Organization> {
  readonly organization: Organization | null;
}

/**
 * Observes the organization that the account manages.
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
 */
export const observeOrganization = <Organization>(
  read: (session: Session, reads: Reads) => Promise<Organization>,
): Pick<Rule<Facts<Organization>>['observe'], 'get' | 'list'> => {
  const observation = async (session: Session, reads: Reads) => ({
    facts: { organization: await nullIfNone(() => read(session, reads)) },
  });
  return observeAccount(
    (session) => observation(session, 'live'),
    (session) => observation(session, 'shared'),
  );
};

const nullIfNone = async <Organization>(read: () => Promise<Organization>): Promise<Organization | null> => {
  try {
    return await read();
  } catch (error) {
    // Of Organizations, and of IAM.
    if (hasCode(error, 'AWSOrganizationsNotInUseException', 'OrganizationNotFoundException')) return null;
    throw error;
  }
};
