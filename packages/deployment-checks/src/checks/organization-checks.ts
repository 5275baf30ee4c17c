import { isCovered } from '../model/coverage.ts';
import type { OrganizationAccount } from '../model/deployment.ts';
import { PACK_SERVICES } from '../model/pack-services.ts';
import type { Check, CheckContext } from './check-context.ts';

const organizationId: Check = (context) => {
  const { id: expected } = context.settings.organization;
  const { id: found } = context.deployment.organization;
  if (found === undefined || expected === undefined || found === expected) return [];
  return [
    {
      subject: `organization ${expected}`,
      problem: `The master account belongs to the organization ${found}.`,
      remedy: `Set organization.id to ${found} in compliance.yaml: permissions name the organization that they admit.`,
    },
  ];
};

const accountInOrganization: Check = (context) => {
  const known = accountsIn(context);
  if (!known) return [];
  return context.accounts.flatMap(({ id, name }) => {
    const found = known.find((account) => account.id === id);
    if (found?.active === true) return [];
    return [
      {
        subject: `account ${id} (${name})`,
        problem: found
          ? `Account ${id} is suspended or being closed: no pack can be deployed there.`
          : `Account ${id} is in the settings, but not in the organization: no pack can be deployed there.`,
        remedy: `Remove account ${id} from compliance.yaml, or correct its id.`,
      },
    ];
  });
};

const accountListed: Check = (context) =>
  unlistedAccounts(context)
    .filter(({ id }) => !isReachedByPacks(context, id))
    .map(({ id, name }) => ({
      severity: 'warning',
      subject: `account ${id} (${name})`,
      problem: `Account ${id} is in the organization, but not in the settings: nothing is evaluated there.`,
      remedy: `List account ${id} in compliance.yaml, with mode off to leave it alone.`,
    }));

const packReachesListedOnly: Check = (context) =>
  unlistedAccounts(context)
    .filter(({ id }) => isReachedByPacks(context, id))
    .map(({ id, name }) => ({
      subject: `account ${id} (${name})`,
      problem: `Organization packs reach account ${id}, which is not in the settings and therefore not admitted by the functions: the packs fail there.`,
      remedy: `List account ${id} in compliance.yaml and deploy, or run the rollout again to exclude it.`,
    }));

const packOwner: Check = (context) => {
  const { masterAccountId } = context;
  const { administeredServices } = context.deployment.organization;
  if (isManagementAccount(context) !== false || !administeredServices) return [];
  return PACK_SERVICES.filter((service) => !administeredServices.includes(service)).map((service) => ({
    subject: `account ${masterAccountId}`,
    problem: `Account ${masterAccountId} is neither the management account nor the delegated administrator for ${service}: it cannot own organization packs.`,
    remedy: `In the management account: aws organizations register-delegated-administrator --account-id ${masterAccountId} --service-principal ${service}`,
  }));
};

/** @see https://github.com/hashicorp/terraform-provider-aws/issues/24545 */
const packCompletionSeen: Check = (context) =>
  isManagementAccount(context) === false
    ? [
        {
          severity: 'warning',
          subject: `account ${context.masterAccountId}`,
          problem: `Account ${context.masterAccountId} owns packs as a delegated administrator: version 5.100 of the AWS provider may time out although the packs are deployed.`,
          remedy: 'Run `make status`, which checks each account. Run a rollout that times out again.',
        },
      ]
    : [];

export const organizationChecks = {
  'organization-id': organizationId,
  'pack-completion-seen': packCompletionSeen,
} as const satisfies Record<string, Check>;

export const organizationAccountChecks = {
  'account-in-organization': accountInOrganization,
  'account-listed': accountListed,
  'pack-reaches-listed-only': packReachesListedOnly,
} as const satisfies Record<string, Check>;

export const administrationChecks = {
  'pack-owner': packOwner,
} as const satisfies Record<string, Check>;

const accountsIn = ({ deployment, masterAccountId: accountId }: CheckContext) =>
  isCovered(deployment, { part: 'organizationAccounts', accountId })
    ? deployment.organization.accounts
    : undefined;

/** Active accounts that the settings do not list, without the master account. */
const unlistedAccounts = (context: CheckContext): readonly OrganizationAccount[] =>
  (accountsIn(context) ?? []).filter(
    ({ id, active }) =>
      active && id !== context.masterAccountId && !context.accounts.some((account) => account.id === id),
  );

const isReachedByPacks = ({ deployment: { packs } }: CheckContext, accountId: string): boolean =>
  packs.some(
    ({ scope, excludedAccounts }) => scope === 'organization' && !excludedAccounts.includes(accountId),
  );

/** `undefined`: unknown. */
const isManagementAccount = ({ deployment, masterAccountId }: CheckContext): boolean | undefined => {
  const { managementAccountId } = deployment.organization;
  return managementAccountId === undefined ? undefined : managementAccountId === masterAccountId;
};
