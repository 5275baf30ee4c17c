import * as z from 'zod';

import type { Account, Organization } from '../base/organization.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';

interface Dependencies {
  readonly now: () => Date;
  readonly onJoined: (account: Account) => void;
  readonly onLeft: (account: Account) => void;
  /** The Regions that every account has enabled. */
  readonly regions: readonly string[];
}

const ROOT = 'r-loca';

/** The policy that AWS attaches to everything once service control policies are on. */
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
const ParentRequest = ListRequest.extend({ ParentId: z.string() });
const UnitRequest = z.object({ OrganizationalUnitId: z.string().regex(/^ou-/) });
const ChildRequest = z.object({ ChildId: z.string() });
const CreateRequest = z.object({ AccountName: z.string().min(1).max(50), Email: z.email() });
const MoveRequest = AccountRequest.extend({
  SourceParentId: z.string(),
  DestinationParentId: z.string().regex(/^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/),
});

/** The part of AWS Organizations that joining and leaving accounts need; the emulator would generate account ids. */
export const organizationHandlers = (organization: Organization, deps: Dependencies) => {
  const parents = new Map<string, string>();
  return {
    ...organizationQueries(organization),
    ...accountQueries(organization, parents),
    ...accountChanges(organization, parents, deps),
    ...policyQueries,
    'account:ListRegions': async () => ({
      Regions: deps.regions.map((name) => ({ RegionName: name, RegionOptStatus: 'ENABLED_BY_DEFAULT' })),
    }),
  };
};

const organizationQueries = (organization: Organization) => ({
  'organizations:DescribeOrganization': async () => ({
    Organization: {
      Id: organization.id,
      Arn: arnIn(organization, 'organization'),
      FeatureSet: 'ALL',
      MasterAccountArn: arnIn(organization, 'account', organization.management.id),
      MasterAccountId: organization.management.id,
      MasterAccountEmail: `${organization.management.name}@example.com`,
      AvailablePolicyTypes: [],
    },
  }),
  'organizations:ListRoots': async () => ({
    Roots: [{ Id: ROOT, Arn: arnIn(organization, 'root', ROOT), Name: 'Root', PolicyTypes: [] }],
  }),
  'organizations:DescribeOrganizationalUnit': async (call: Call) => {
    const { OrganizationalUnitId: id } = parseInput(UnitRequest, call.input);
    // Units exist as far as accounts are moved there, and have no other name.
    return { OrganizationalUnit: { Id: id, Arn: arnIn(organization, 'ou', id), Name: id } };
  },
  'organizations:ListAWSServiceAccessForOrganization': async () => ({
    EnabledServicePrincipals: ['config-multiaccountsetup.amazonaws.com', 'config.amazonaws.com'].map(
      (principal) => ({ ServicePrincipal: principal, DateEnabled: 0 }),
    ),
  }),
  'organizations:ListDelegatedAdministrators': async () => ({ DelegatedAdministrators: [] }),
});

const accountQueries = (organization: Organization, parents: ReadonlyMap<string, string>) => ({
  'organizations:ListOrganizationalUnitsForParent': async (call: Call) => {
    const {
      ParentId: parent,
      MaxResults: limit,
      NextToken: nextToken,
    } = parseInput(ParentRequest, call.input);
    const ids = parent === ROOT ? [...new Set(parents.values())].filter((id) => id !== ROOT).toSorted() : [];
    const units = ids.map((id) => ({ Id: id, Arn: arnIn(organization, 'ou', id), Name: id }));
    const found = page(units, { limit, nextToken });
    return { OrganizationalUnits: found.items, NextToken: found.nextToken };
  },
  'organizations:ListAccountsForParent': async (call: Call) => {
    const {
      ParentId: parent,
      MaxResults: limit,
      NextToken: nextToken,
    } = parseInput(ParentRequest, call.input);
    const accounts = [organization.master, ...organization.members]
      .filter(({ id }) => (parents.get(id) ?? ROOT) === parent)
      .map((account) => describeAccount(organization, account));
    const found = page(accounts, { limit, nextToken });
    return { Accounts: found.items, NextToken: found.nextToken };
  },
  'organizations:ListAccounts': async (call: Call) => {
    const { MaxResults: limit, NextToken: nextToken } = parseInput(ListRequest, call.input);
    const accounts = [organization.master, ...organization.members];
    const found = page(
      accounts.map((account) => describeAccount(organization, account)),
      { limit, nextToken },
    );
    return { Accounts: found.items, NextToken: found.nextToken };
  },
  'organizations:DescribeAccount': async (call: Call) => ({
    Account: describeAccount(organization, requestedAccount(organization, call)),
  }),
  'organizations:ListParents': async (call: Call) => {
    const { ChildId: child } = parseInput(ChildRequest, call.input);
    // All organizational units are directly below the root.
    const parent = child.startsWith('ou-')
      ? ROOT
      : (parents.get(accountOrThrow(organization, child).id) ?? ROOT);
    return { Parents: [{ Id: parent, Type: parent === ROOT ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
  },
});

const accountChanges = (organization: Organization, parents: Map<string, string>, deps: Dependencies) => ({
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
    parents.set(requestedAccount(organization, call).id, parent);
    return {};
  },
  'organizations:CloseAccount': async (call: Call) => {
    const account = requestedAccount(organization, call);
    organization.close(account.id);
    deps.onLeft(account);
    return {};
  },
  'organizations:RemoveAccountFromOrganization': async (call: Call) => {
    const account = requestedAccount(organization, call);
    organization.leave(account.id);
    deps.onLeft(account);
    return {};
  },
});

/** Service control policies: nothing restricts any account. */
const policyQueries = {
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

const arnIn = ({ id, management }: Organization, kind: string, ...rest: readonly string[]): string =>
  `arn:aws:organizations::${management.id}:${[kind, id, ...rest].join('/')}`;

const describeAccount = (organization: Organization, { id, name }: Account) => {
  const state = organization.isClosed(id) ? 'SUSPENDED' : 'ACTIVE';
  return {
    Id: id,
    Arn: arnIn(organization, 'account', id),
    Email: `${name}@example.com`,
    Name: name,
    Status: state,
    State: state,
    JoinedMethod: id === organization.management.id ? 'INVITED' : 'CREATED',
    JoinedTimestamp: 0,
  };
};

const requestedAccount = (organization: Organization, call: Call): Account =>
  accountOrThrow(organization, parseInput(AccountRequest, call.input).AccountId);

const accountOrThrow = ({ master, members }: Organization, accountId: string): Account => {
  const found = [master, ...members].find((account) => account.id === accountId);
  if (found !== undefined) return found;
  throw awsError('AccountNotFoundException', `Account ${accountId} is not in the organization.`, 400);
};
