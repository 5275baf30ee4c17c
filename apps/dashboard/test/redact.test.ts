import { parseAccount, parseOverview, parseUnit } from '@compliance/dashboard-data';
import { expect, it } from 'vitest';

import { redactData } from '../src/redact.ts';
import { syntheticOrganization } from './synthetic/organization.ts';

it('redacted data has no name, id, owner, person or text of the organization, and its figures stay', () => {
  const { overview, units, accounts } = syntheticOrganization({ accounts: 6, units: 2 });
  const redacted = redactData({ overview, units, accounts: new Map(accounts.entries()) });
  const text = JSON.stringify([redacted.overview, redacted.units, [...redacted.accounts]]);
  const secrets = [
    overview.organization.name,
    overview.organization.id,
    ...overview.units,
    ...overview.accounts.id,
    ...overview.accounts.name,
    ...overview.owners.name,
    ...overview.exemptions.reason,
    ...accounts.flatMap(({ findings }) => findings.resource),
    'ciso@example.com',
    'assumed-role',
    'RISK-21',
    'PutBucketVersioning',
    'orders-export-77aa01',
  ];
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(redacted.overview.matrix).toEqual(overview.matrix);
  const parsed = parseOverview(JSON.stringify(redacted.overview));
  for (const [index, unit] of redacted.units.entries()) parseUnit(JSON.stringify(unit), index, parsed);
  for (const [index, account] of redacted.accounts) parseAccount(JSON.stringify(account), index, parsed);
});
