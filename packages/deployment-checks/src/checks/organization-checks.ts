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
      remedy: `Put ${found} into compliance.yaml: permissions name the organization that they admit.`,
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
          ? 'It is suspended or being closed: no pack arrives there.'
          : 'The settings list it, and it is not in the organization: no pack arrives there.',
        remedy: 'Take it out of compliance.yaml, or correct its id.',
      },
    ];
  });
};

const accountListed: Check = (context) =>
  strangersIn(context)
    .filter(({ id }) => !isReached(context, id))
    .map(({ id, name }) => ({
      severity: 'warning',
      subject: `account ${id} (${name})`,
      problem: 'It is in the organization, and the settings do not list it: nothing is judged there.',
      remedy: 'List it in compliance.yaml; with mode off, if it is to be left alone.',
    }));

const packReachesListedOnly: Check = (context) =>
  strangersIn(context)
    .filter(({ id }) => isReached(context, id))
    .map(({ id, name }) => ({
      subject: `account ${id} (${name})`,
      problem:
        "The organization's packs reach it, and no function admits it, as the settings do not list it: the packs fail there.",
      remedy: 'List it in compliance.yaml and deploy, or run the rollout again, which leaves it out.',
    }));

const packOwner: Check = (context) => {
  const { masterAccountId } = context;
  const { administeredServices } = context.deployment.organization;
  if (isManagement(context) !== false || !administeredServices) return [];
  return PACK_SERVICES.filter((service) => !administeredServices.includes(service)).map((service) => ({
    subject: `account ${masterAccountId}`,
    problem: `It is neither the management account nor the delegated administrator of ${service}: it may not own the organization's packs.`,
    remedy: `In the management account: aws organizations register-delegated-administrator --account-id ${masterAccountId} --service-principal ${service}`,
  }));
};

/** @see https://github.com/hashicorp/terraform-provider-aws/issues/24545 */
const packCompletionSeen: Check = (context) =>
  isManagement(context) === false
    ? [
        {
          severity: 'warning',
          subject: `account ${context.masterAccountId}`,
          problem:
            'It owns packs as delegated administrator. Version 5.100 of the AWS provider may wait for their completion in vain, though they arrive.',
          remedy: 'Ask make status, which looks account by account; a rollout that times out is run again.',
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

/** Active accounts of the organization that the settings do not list; the master account needs no listing. */
const strangersIn = (context: CheckContext): readonly OrganizationAccount[] =>
  (accountsIn(context) ?? []).filter(
    ({ id, active }) =>
      active && id !== context.masterAccountId && !context.accounts.some((account) => account.id === id),
  );

const isReached = ({ deployment: { packs } }: CheckContext, accountId: string): boolean =>
  packs.some(
    ({ scope, excludedAccounts }) => scope === 'organization' && !excludedAccounts.includes(accountId),
  );

/** `undefined`: nobody told. */
const isManagement = ({ deployment, masterAccountId }: CheckContext): boolean | undefined => {
  const { managementAccountId } = deployment.organization;
  return managementAccountId === undefined ? undefined : managementAccountId === masterAccountId;
};
