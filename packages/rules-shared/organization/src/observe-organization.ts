import { hasCode, observeAccount, type Rule, type Session } from '@compliance/core/rule';

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
  read: (session: Session) => Promise<Organization>,
): Pick<Rule<Facts<Organization>>['observe'], 'get' | 'list'> =>
  observeAccount(async (session) => ({ facts: { organization: await nullIfNone(read, session) } }));

const nullIfNone = async <Organization>(
  read: (session: Session) => Promise<Organization>,
  session: Session,
): Promise<Organization | null> => {
  try {
    return await read(session);
  } catch (error) {
    // Of Organizations, and of IAM.
    if (hasCode(error, 'AWSOrganizationsNotInUseException', 'OrganizationNotFoundException')) return null;
    throw error;
  }
};
