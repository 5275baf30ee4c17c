import { awsError } from './gateway/index.ts';
import type { Call } from './gateway/call.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
}

/** An organization of fixed ids, the same in every run. */
export interface OrganizationModel {
  readonly id: string;
  readonly master: Account;
  readonly members: readonly Account[];
}

const MASTER_ID = '999988887777';

/** 111122223333, 222233334444, …: ids that nobody takes for real ones. */
const memberId = (index: number): string => {
  if (index >= 80) throw new Error('A local organization has at most 80 members.');
  const [digit, group] = [(index % 8) + 1, Math.floor(index / 8)];
  const [first, second, third] = [digit, digit + 1, digit + 2].map((value) => String(value % 10).repeat(4));
  return `${first}${second}${third}`.slice(0, 11) + String((digit + 2 + group) % 10);
};

export const createOrganization = (memberNames: readonly string[]): OrganizationModel => ({
  id: 'o-localorg12',
  master: { id: MASTER_ID, name: 'master' },
  members: memberNames.map((name, index) => ({ id: memberId(index), name })),
});

/** What AWS attaches to everything once service control policies are on. */
const FULL_ACCESS = {
  Id: 'p-FullAWSAccess',
  Arn: 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
  Name: 'FullAWSAccess',
  Type: 'SERVICE_CONTROL_POLICY',
  AwsManaged: true,
};

/** AWS Organizations, read-only; the emulator's own would invent account ids. */
export const organizationHandlers = ({ id, master, members }: OrganizationModel) => {
  const arn = (kind: string, ...rest: readonly string[]): string =>
    `arn:aws:organizations::${master.id}:${[kind, id, ...rest].join('/')}`;
  const account = ({ id: accountId, name }: Account) => ({
    Id: accountId,
    Arn: arn('account', accountId),
    Email: `${name}@example.com`,
    Name: name,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    JoinedMethod: accountId === master.id ? 'INVITED' : 'CREATED',
    JoinedTimestamp: 0,
  });
  const accounts = [master, ...members].map(account);
  return {
    'organizations:DescribeOrganization': async () => ({
      Organization: {
        Id: id,
        Arn: arn('organization'),
        FeatureSet: 'ALL',
        MasterAccountArn: arn('account', master.id),
        MasterAccountId: master.id,
        MasterAccountEmail: 'master@example.com',
        AvailablePolicyTypes: [],
      },
    }),
    'organizations:ListAccounts': async () => ({ Accounts: accounts }),
    'organizations:DescribeAccount': async (call: Call) => {
      const found = accounts.find((candidate) => candidate.Id === call.input['AccountId']);
      if (found !== undefined) return { Account: found };
      throw awsError('AccountNotFoundException', 'There is no such account in the organization.', 400);
    },
    'organizations:ListRoots': async () => ({
      Roots: [{ Id: 'r-loca', Arn: arn('root', 'r-loca'), Name: 'Root', PolicyTypes: [] }],
    }),
    'organizations:ListAWSServiceAccessForOrganization': async () => ({
      EnabledServicePrincipals: ['config-multiaccountsetup.amazonaws.com', 'config.amazonaws.com'].map(
        (principal) => ({ ServicePrincipal: principal, DateEnabled: 0 }),
      ),
    }),
    'organizations:ListDelegatedAdministrators': async () => ({ DelegatedAdministrators: [] }),
    // All accounts are right below the root, and nothing restricts them.
    'organizations:ListParents': async () => ({ Parents: [{ Id: 'r-loca', Type: 'ROOT' }] }),
    'organizations:ListPoliciesForTarget': async () => ({ Policies: [FULL_ACCESS] }),
    'organizations:DescribePolicy': async () => ({
      Policy: {
        PolicySummary: FULL_ACCESS,
        Content: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
        }),
      },
    }),
  };
};
