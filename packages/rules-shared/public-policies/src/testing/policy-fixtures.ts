import type { Resource, Session } from '@compliance/core';

type Seed = (admin: Session) => Promise<Resource>;

interface PolicyFixtures {
  /** An action of the service. */
  readonly action: string;
  /** Creates a resource, and gives it the policy that its ARN results in. */
  readonly seed: (policyOf: ((arn: string) => string) | undefined, admin: Session) => Promise<Resource>;
}

/** The seeds that every service's contract needs. */
export const policyFixtures = ({ action, seed }: PolicyFixtures) => {
  const withStatements =
    (...statements: readonly ((arn: string, admin: Session) => object)[]): Seed =>
    (admin) =>
      seed((arn) => {
        const Statement = statements.map((statement) => statement(arn, admin));
        return JSON.stringify({ Version: '2012-10-17', Statement });
      }, admin);
  const open = (Resource: string): object => ({
    Sid: 'Open',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: action,
    Resource,
  });
  const account = (Resource: string, admin: Session): object => ({
    ...open(Resource),
    Sid: 'Account',
    Principal: { AWS: `arn:aws:iam::${admin.accountId}:root` },
  });
  const both = (Resource: string, admin: Session): object => ({
    ...open(Resource),
    Principal: { AWS: ['*', `arn:aws:iam::${admin.accountId}:root`] },
  });
  const ofOrganization = (Resource: string): object => ({
    ...open(Resource),
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-example1234' } },
  });
  return {
    compliant: {
      'a resource with the policy that it was created with': ((admin) =>
        seed(undefined, admin)) satisfies Seed,
      'a policy for everybody of one organization, and for the account': withStatements(
        ofOrganization,
        account,
      ),
    },
    nonCompliant: {
      'a policy for everybody beside the account': withStatements(open, account),
      'a statement for everybody and the account': withStatements(both),
    },
    /** Nothing is left of it. */
    onlyForEverybody: withStatements(open),
  };
};
