import * as z from 'zod';

import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import type { Account, Organization } from '../base/organization.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';

interface Dependencies {
  readonly now: () => Date;
  /** What happens elsewhere when an account comes or goes. */
  readonly onJoined: (account: Account) => void;
  readonly onLeft: (account: Account) => void;
}

const ROOT = 'r-loca';

/** What AWS attaches to everything once service control policies are on. */
const FULL_ACCESS = {
  Id: 'p-FullAWSAccess',
  Arn: 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
  Name: 'FullAWSAccess',
  Type: 'SERVICE_CONTROL_POLICY',
  AwsManaged: true,
};

const ListRequest = z.object({
  MaxResults: z.int().min(1).max(20).default(20),
  NextToken: z.string().optional(),
});
const AccountRequest = z.object({ AccountId: z.string().regex(/^\d{12}$/) });
const ChildRequest = z.object({ ChildId: z.string() });
const CreateRequest = z.object({ AccountName: z.string().min(1).max(50), Email: z.email() });
const MoveRequest = AccountRequest.extend({
  SourceParentId: z.string(),
  DestinationParentId: z.string().regex(/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/),
});

/** AWS Organizations, as much of it as accounts that come and go need; the emulator's own would invent account ids. */
export const organizationHandlers = (organization: Organization, deps: Dependencies) => {
  const { id, master, members } = organization;
  const parents = new Map<string, string>();
  const arn = (kind: string, ...rest: readonly string[]): string =>
    `arn:aws:organizations::${master.id}:${[kind, id, ...rest].join('/')}`;

  const described = ({ id: accountId, name }: Account) => {
    const state = organization.isClosed(accountId) ? 'SUSPENDED' : 'ACTIVE';
    return {
      Id: accountId,
      Arn: arn('account', accountId),
      Email: `${name}@example.com`,
      Name: name,
      Status: state,
      State: state,
      JoinedMethod: accountId === master.id ? 'INVITED' : 'CREATED',
      JoinedTimestamp: 0,
    };
  };
  const need = (accountId: string): Account => {
    const found = [master, ...members].find((account) => account.id === accountId);
    if (found !== undefined) return found;
    throw awsError('AccountNotFoundException', 'There is no such account in the organization.', 400);
  };
  const needMember = (call: Call): Account => need(parseInput(AccountRequest, call.input).AccountId);

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
    'organizations:ListAccounts': async (call: Call) => {
      const { MaxResults: limit, NextToken: nextToken } = parseInput(ListRequest, call.input);
      const found = page([master, ...members].map(described), { limit, nextToken });
      return { Accounts: found.items, NextToken: found.nextToken };
    },
    'organizations:DescribeAccount': async (call: Call) => ({ Account: described(needMember(call)) }),
    'organizations:ListParents': async (call: Call) => {
      const { ChildId: child } = parseInput(ChildRequest, call.input);
      // Organizational units are right below the root.
      const parent = child.startsWith('ou-') ? ROOT : (parents.get(need(child).id) ?? ROOT);
      return { Parents: [{ Id: parent, Type: parent === ROOT ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
    },
    'organizations:CreateAccount': async (call: Call) => {
      const account = organization.join(parseInput(CreateRequest, call.input).AccountName);
      deps.onJoined(account);
      const time = deps.now().getTime() / 1000;
      return {
        CreateAccountStatus: {
          Id: `car-${account.id}`,
          AccountName: account.name,
          AccountId: account.id,
          // AWS takes a minute.
          State: 'SUCCEEDED',
          RequestedTimestamp: time,
          CompletedTimestamp: time,
        },
      };
    },
    'organizations:MoveAccount': async (call: Call) => {
      const { DestinationParentId: parent } = parseInput(MoveRequest, call.input);
      parents.set(needMember(call).id, parent);
      return {};
    },
    'organizations:CloseAccount': async (call: Call) => {
      const account = needMember(call);
      organization.close(account.id);
      deps.onLeft(account);
      return {};
    },
    'organizations:RemoveAccountFromOrganization': async (call: Call) => {
      const account = needMember(call);
      organization.leave(account.id);
      deps.onLeft(account);
      return {};
    },
    'organizations:ListRoots': async () => ({
      Roots: [{ Id: ROOT, Arn: arn('root', ROOT), Name: 'Root', PolicyTypes: [] }],
    }),
    'organizations:ListAWSServiceAccessForOrganization': async () => ({
      EnabledServicePrincipals: ['config-multiaccountsetup.amazonaws.com', 'config.amazonaws.com'].map(
        (principal) => ({ ServicePrincipal: principal, DateEnabled: 0 }),
      ),
    }),
    'organizations:ListDelegatedAdministrators': async () => ({ DelegatedAdministrators: [] }),
    // Nothing restricts any account.
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
