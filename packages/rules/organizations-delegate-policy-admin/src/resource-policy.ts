import {
  DeleteResourcePolicyCommand,
  DescribeResourcePolicyCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-organizations';
import { hasCode, type Session } from '@compliance/core/rule';
import {
  definePolicyDocument,
  includes,
  parsePolicy,
  statementsOf,
  withStatement,
  type PolicyContent,
  type Statement,
} from '@compliance/policy-document';

/**
 * The policy by which an organization delegates its own policies.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
 */
export const resourcePolicy = definePolicyDocument({
  kind: 'organizations/resource-policy',
  read: (_, session) => readText(session),
  write: async (_, Content, session) => {
    await session.client(OrganizationsClient).send(new PutResourcePolicyCommand({ Content }));
  },
  remove: async (_, session) => {
    await session.client(OrganizationsClient).send(new DeleteResourcePolicyCommand({}));
  },
});

const readText = async (session: Session): Promise<string | undefined> => {
  try {
    const { ResourcePolicy } = await session
      .client(OrganizationsClient)
      .send(new DescribeResourcePolicyCommand({}));
    return ResourcePolicy?.Content;
  } catch (error) {
    if (hasCode(error, 'ResourcePolicyNotFoundException')) return undefined;
    throw error;
  }
};

/** The accounts that may manage policies of the organization, sorted. */
export const readDelegates = async (session: Session): Promise<string[]> => {
  const text = await readText(session);
  if (text === undefined) return [];
  const statements = statementsOf(parsePolicy(text));
  const accounts = new Set(statements.flatMap(accountsOf));
  return [...accounts].filter((account) => managesPolicies(statements, account)).toSorted();
};

/** An account, or the account of a user or role. */
const accountsOf = ({ principals }: Statement): readonly string[] =>
  (principals?.aws ?? []).flatMap((principal) => /(?:^|:)(\d{12})(?::|$)/.exec(principal)?.[1] ?? []);

/** A condition, such as on the type of policies, limits a delegation but does not end it. */
const managesPolicies = (statements: readonly Statement[], account: string): boolean => {
  const own = statements.filter((statement) => accountsOf(statement).includes(account));
  return WRITES.every(
    (action) =>
      own.some(({ effect, actions }) => effect === 'Allow' && includes(actions, action)) &&
      !own.some(
        ({ effect, actions, conditions }) =>
          effect === 'Deny' && conditions.length === 0 && includes(actions, action),
      ),
  );
};

const WRITES = ['AttachPolicy', 'CreatePolicy', 'DeletePolicy', 'DetachPolicy', 'UpdatePolicy'].map(
  (name) => `organizations:${name}`,
);
const READS = [
  'DescribeAccount',
  'DescribeEffectivePolicy',
  'DescribeOrganization',
  'DescribeOrganizationalUnit',
  'DescribePolicy',
  'ListAccounts',
  'ListAccountsForParent',
  'ListChildren',
  'ListOrganizationalUnitsForParent',
  'ListParents',
  'ListPolicies',
  'ListPoliciesForTarget',
  'ListRoots',
  'ListTagsForResource',
  'ListTargetsForPolicy',
].map((name) => `organizations:${name}`);

/** The policy with one more delegate: it may read the organization and manage policies of every type. */
export const withDelegate = (policy: PolicyContent, principal: string): PolicyContent =>
  withStatement(policy, {
    Sid: 'ComplianceDelegatePolicies',
    Effect: 'Allow',
    Principal: { AWS: principal },
    Action: [...READS, ...WRITES],
    Resource: '*',
  });
