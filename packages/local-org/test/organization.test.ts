import { describe, expect, test } from 'vitest';

import { createOrganization } from '../src/base/organization.ts';
import { organizationHandlers } from '../src/org/organization-handlers.ts';
import { call } from './call.ts';

test('account ids are the same in every run, have twelve digits and are unique', () => {
  const { master, members } = createOrganization(Array.from({ length: 80 }, (_, index) => `m${index}`));
  const ids = [master, ...members].map(({ id }) => id);
  expect(ids.slice(0, 3)).toEqual(['999988887777', '111122223333', '222233334444']);
  expect(ids.every((id) => /^\d{12}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(81);
});

describe('an organization', () => {
  const start = () => {
    const organization = createOrganization(['payments', 'sandbox']);
    const seen: string[] = [];
    const handlers = organizationHandlers(organization, {
      regions: ['eu-west-1'],
      now: () => new Date(0),
      onJoined: ({ name }) => seen.push(`${name} joined`),
      onLeft: ({ name }) => seen.push(`${name} left`),
    });
    // The handlers read only the input.
    const request = (input: Record<string, unknown>) => call('organizations:Operation', input);
    const list = async () => {
      const { Accounts } = await handlers['organizations:ListAccounts'](request({}));
      return Accounts.map(({ Name, Status }) => `${Name} ${Status}`);
    };
    return { handlers, request, list, seen };
  };

  test('a created account is in the root until it is moved', async () => {
    const { handlers, request, list, seen } = start();
    const { CreateAccountStatus } = await handlers['organizations:CreateAccount'](
      request({ AccountName: 'research', Email: 'research@example.com' }),
    );
    expect(await list()).toEqual(['master ACTIVE', 'payments ACTIVE', 'sandbox ACTIVE', 'research ACTIVE']);
    expect(seen).toEqual(['research joined']);
    const { AccountId } = CreateAccountStatus;
    const parents = () => handlers['organizations:ListParents'](request({ ChildId: AccountId }));
    expect(await parents()).toMatchObject({ Parents: [{ Type: 'ROOT' }] });
    const to = 'ou-loca-12345678';
    await handlers['organizations:MoveAccount'](
      request({ AccountId, SourceParentId: 'r-loca', DestinationParentId: to }),
    );
    expect(await parents()).toEqual({ Parents: [{ Id: to, Type: 'ORGANIZATIONAL_UNIT' }] });
    const unit = handlers['organizations:DescribeOrganizationalUnit'](request({ OrganizationalUnitId: to }));
    expect(await unit).toMatchObject({ OrganizationalUnit: { Id: to, Name: to } });
  });
  test('a closed account is listed as SUSPENDED, a removed one is not listed', async () => {
    const { handlers, request, list, seen } = start();
    await handlers['organizations:CloseAccount'](request({ AccountId: '111122223333' }));
    await handlers['organizations:RemoveAccountFromOrganization'](request({ AccountId: '222233334444' }));
    expect(await list()).toEqual(['master ACTIVE', 'payments SUSPENDED']);
    expect(seen).toEqual(['payments left', 'sandbox left']);
    await expect(
      handlers['organizations:DescribeAccount'](request({ AccountId: '222233334444' })),
    ).rejects.toThrow('is not in the organization');
  });
});
