import { describe, expect, test } from 'vitest';

import type { Call } from '../src/protocol/call.ts';
import { createOrganization } from '../src/base/organization.ts';
import { organizationHandlers } from '../src/org/organization-handlers.ts';

test('the account ids are fixed, of twelve digits and all different', () => {
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
      now: () => new Date(0),
      onJoined: ({ name }) => seen.push(`${name} joined`),
      onLeft: ({ name }) => seen.push(`${name} left`),
    });
    // The handlers read the input alone.
    const call = (input: object) => ({ input }) as Call;
    const list = async () => {
      const { Accounts } = await handlers['organizations:ListAccounts'](call({}));
      return Accounts.map(({ Name, Status }) => `${Name} ${Status}`);
    };
    return { handlers, call, list, seen };
  };

  test('takes up a new account, in the root until it is moved', async () => {
    const { handlers, call, list, seen } = start();
    const { CreateAccountStatus } = await handlers['organizations:CreateAccount'](
      call({ AccountName: 'research', Email: 'research@example.com' }),
    );
    expect(await list()).toEqual(['master ACTIVE', 'payments ACTIVE', 'sandbox ACTIVE', 'research ACTIVE']);
    expect(seen).toEqual(['research joined']);
    const { AccountId } = CreateAccountStatus;
    const parents = () => handlers['organizations:ListParents'](call({ ChildId: AccountId }));
    expect(await parents()).toMatchObject({ Parents: [{ Type: 'ROOT' }] });
    const to = 'ou-loca-12345678';
    await handlers['organizations:MoveAccount'](
      call({ AccountId, SourceParentId: 'r-loca', DestinationParentId: to }),
    );
    expect(await parents()).toEqual({ Parents: [{ Id: to, Type: 'ORGANIZATIONAL_UNIT' }] });
  });
  test('keeps a closed account as suspended, and forgets one that was removed', async () => {
    const { handlers, call, list, seen } = start();
    await handlers['organizations:CloseAccount'](call({ AccountId: '111122223333' }));
    await handlers['organizations:RemoveAccountFromOrganization'](call({ AccountId: '222233334444' }));
    expect(await list()).toEqual(['master ACTIVE', 'payments SUSPENDED']);
    expect(seen).toEqual(['payments left', 'sandbox left']);
    await expect(
      handlers['organizations:DescribeAccount'](call({ AccountId: '222233334444' })),
    ).rejects.toThrow('is not in the organization');
  });
});
