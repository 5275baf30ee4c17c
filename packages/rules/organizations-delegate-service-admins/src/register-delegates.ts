import {
  CloudTrailClient,
  DeregisterOrganizationDelegatedAdminCommand,
  RegisterOrganizationDelegatedAdminCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  DeregisterDelegatedAdministratorCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from '@aws-sdk/client-organizations';
import { call, change, undoCall, type CallStep, type Fix } from '@compliance/core/rule';

import type { Gap } from './gaps.ts';
import { REGISTERED_BY, type ServicePrincipal } from './services.ts';

/** Registers the delegate for the services that have none. A service with another delegate is left to a person. */
export const registerDelegates = (gaps: readonly Gap[], delegate: string | undefined): Fix => {
  if (delegate === undefined)
    return { manual: 'Set the parameter delegateAccountIds to the accounts that may administer services.' };
  const vacant = gaps.filter(({ delegates }) => delegates.length === 0);
  const steps = vacant.flatMap(({ principal }) => registration(principal, delegate));
  const byHand = gaps.filter(
    ({ principal, delegates }) => delegates.length > 0 || REGISTERED_BY[principal] === 'service',
  );
  const manual = byHand
    .map(({ principal, delegates: [other] }) =>
      other === undefined
        ? `Make ${delegate} the administrator of ${principal} in each Region, in the console of that service.`
        : `${principal} is administered by ${other}: decide on it. Changing it may drop the members that the service has.`,
    )
    .join(' ');
  if (steps.length === 0) return { manual };
  const registered = vacant.filter(({ principal }) => REGISTERED_BY[principal] !== 'service');
  const names = registered.map(({ principal }) => principal);
  return change({
    description: `Make ${delegate} the administrator of ${names.join(', ')} for the organization`,
    risk: 'disruptive',
    inCode: {
      terraform: `aws_organizations_delegated_administrator, aws_cloudtrail_organization_delegated_admin_account: ${names.join(', ')}`,
    },
    steps,
    ...(manual !== '' && { effectiveAfter: { manual } }),
  });
};

const registration = (principal: ServicePrincipal, AccountId: string): readonly CallStep[] => {
  const by = REGISTERED_BY[principal];
  if (by === 'service') return [];
  if (by === 'cloudtrail')
    return [
      call(
        CloudTrailClient,
        RegisterOrganizationDelegatedAdminCommand,
        { MemberAccountId: AccountId },
        {
          alreadyDone: ['AccountRegisteredException'],
          undo: undoCall(
            CloudTrailClient,
            DeregisterOrganizationDelegatedAdminCommand,
            { DelegatedAdminAccountId: AccountId },
            { alreadyDone: ['AccountNotRegisteredException'] },
          ),
        },
      ),
    ];
  const input = { AccountId, ServicePrincipal: principal };
  return [
    call(OrganizationsClient, RegisterDelegatedAdministratorCommand, input, {
      alreadyDone: ['AccountAlreadyRegisteredException'],
      undo: undoCall(OrganizationsClient, DeregisterDelegatedAdministratorCommand, input, {
        alreadyDone: ['AccountNotRegisteredException'],
      }),
    }),
  ];
};
