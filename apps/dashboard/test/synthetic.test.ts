import { parseAccount, parseOverview, parseUnit } from '@compliance/dashboard-data';
import { expect, it } from 'vitest';

import { syntheticOrganization } from './synthetic/organization.ts';

it('the synthetic organization is data of the present schema, and the same each time', () => {
  const wish = { accounts: 9, units: 3 };
  const { overview, units, accounts } = syntheticOrganization(wish);
  const parsed = parseOverview(JSON.stringify(overview));
  for (const [index, unit] of units.entries()) parseUnit(JSON.stringify(unit), index, parsed);
  for (const [index, account] of accounts.entries()) parseAccount(JSON.stringify(account), index, parsed);
  expect(syntheticOrganization(wish).overview).toEqual(overview);
});
