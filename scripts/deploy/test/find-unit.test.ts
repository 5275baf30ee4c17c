import {
  DescribeOrganizationalUnitCommand,
  ListParentsCommand,
  ListRootsCommand,
} from '@aws-sdk/client-organizations';

import { expect, test } from 'vitest';

import { findUnit } from '../src/accounts/organization-accounts.ts';
import { fakeOrganization } from './fake-organization.ts';

const ACCOUNT = '111122223333';
const PARENTS: Readonly<Record<string, string>> = {
  [ACCOUNT]: 'ou-exam-payments',
  'ou-exam-payments': 'ou-exam-workload',
  'ou-exam-workload': 'r-exam',
};

/** An organization of these names of units, by id; a unit without a name may not be read. */
const start = async (names: Readonly<Record<string, string>>) => {
  const fake = await fakeOrganization([ACCOUNT]);
  const send = async (command: unknown) => {
    if (command instanceof ListParentsCommand)
      return { Parents: [{ Id: PARENTS[command.input.ChildId ?? ''] }] };
    if (command instanceof ListRootsCommand) return { Roots: [{ Id: 'r-exam', Name: 'Root' }] };
    if (!(command instanceof DescribeOrganizationalUnitCommand)) throw new Error('Unexpected call.');
    const Name = names[command.input.OrganizationalUnitId ?? ''];
    if (Name === undefined) throw Object.assign(new Error('You may not.'), { name: 'AccessDeniedException' });
    return { OrganizationalUnit: { Name } };
  };
  // A fake client has what is called.
  const client = (async () => ({ send })) as unknown as ReturnType<typeof fake.context>['client'];
  return { find: () => findUnit({ ...fake.context(), client }, ACCOUNT), said: fake.said };
};

test('the unit of an account is the path of names from the root', async () => {
  const { find } = await start({ 'ou-exam-payments': 'Payments', 'ou-exam-workload': 'Workloads' });
  expect(await find()).toBe('Root/Workloads/Payments');
});

test('a name with a slash does not look like two units', async () => {
  const { find } = await start({ 'ou-exam-payments': 'Payments', 'ou-exam-workload': 'Exempt/All' });
  expect(await find()).toBe('Root/ou-exam-workload/Payments');
});

test('names that may not be read leave the id of the parent, and are reported', async () => {
  const { find, said } = await start({ 'ou-exam-payments': 'Payments' });
  expect(await find()).toBe('ou-exam-payments');
  expect(said.at(-1)).toMatch(/may not be read, so its ou is ou-exam-payments, .*AccessDeniedException/);
});
