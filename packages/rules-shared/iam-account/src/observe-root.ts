import { GetAccountSummaryCommand, IAMClient } from '@aws-sdk/client-iam';
import { observeAccount, permanent, type Rule, type Session } from '@compliance/core/rule';

/** The root user's credentials, as IAM's summary of the account counts them. */
export interface RootSummary {
  /** A member account without one was created, or stripped of it, under central root access. */
  readonly hasPassword: boolean;
  /** Active or inactive. */
  readonly hasAccessKeys: boolean;
  readonly hasMfa: boolean;
}

/**
 * Reads what the account's summary says of root. It is never late, unlike the credential report.
 * @throws {ComplianceError} `incomplete-answer` when IAM leaves a count out: a missing one is not 0
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
 */
const rootSummary = async (session: Session): Promise<RootSummary> => {
  const { SummaryMap = {} } = await session.client(IAMClient).send(new GetAccountSummaryCommand({}));
  const isPresent = (name: 'AccountAccessKeysPresent' | 'AccountMFAEnabled') => {
    const count = SummaryMap[name];
    if (count === undefined)
      throw permanent('incomplete-answer', `Incomplete summary of account ${session.accountId}: no ${name}.`);
    return count > 0;
  };
  return {
    // The newest of the counts: where it is missing, root may have a password.
    hasPassword: SummaryMap.AccountPasswordPresent !== 0,
    hasAccessKeys: isPresent('AccountAccessKeysPresent'),
    hasMfa: isPresent('AccountMFAEnabled'),
  };
};

/** Creates the `observe` of a rule on root from its facts. The rules of a sweep share one summary. */
export const observeRoot = <Facts>(
  factsOf: (root: RootSummary, session: Session) => Facts | Promise<Facts>,
): Pick<Rule<Facts>['observe'], 'get' | 'list'> => {
  const observationOf = async (root: RootSummary, session: Session) => ({
    facts: await factsOf(root, session),
  });
  return observeAccount(
    async (session) => observationOf(await rootSummary(session), session),
    async (session) =>
      observationOf(await session.onceInAccount('iam/account-summary', () => rootSummary(session)), session),
  );
};
