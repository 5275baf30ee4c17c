import type { Synthetic } from '../synthetic/organization.ts';

/** The address of an example of every view. */
export const viewsOf = ({ overview, accounts }: Synthetic): Readonly<Record<string, string>> => ({
  organization: '#/',
  frameworks: '#/frameworks',
  framework: '#/framework/cis-7.0',
  requirement: '#/requirement/cis-7.0/2.1.2',
  accounts: '#/accounts',
  unit: `#/unit/${encodeURIComponent(overview.units[0] ?? '')}`,
  account: `#/account/${overview.accounts.id[0]}`,
  resource: storyAddress(accounts),
  rules: '#/rules',
  rule: '#/rule/S3_ENABLE_VERSIONING',
  owners: '#/owners',
  owner: `#/owner/${encodeURIComponent(overview.owners.name[0] ?? '')}`,
  exemptions: '#/exemptions',
  remediation: '#/remediation',
  search: '#/search?q=ledger',
  missing: '#/nothing-here',
});

/** Of a resource whose fix was approved, applied and undone. */
const storyAddress = (accounts: Synthetic['accounts']): string => {
  for (const { account, stories } of accounts)
    for (const { region, type, resource, steps } of stories)
      if (steps.some(({ step }) => step === 'undone'))
        return `#/resource/${[account, region, type, resource].map(encodeURIComponent).join('/')}`;
  throw new Error('No fix of this organization was undone.');
};
