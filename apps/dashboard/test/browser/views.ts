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
  resource: storyAddress({ overview, accounts }),
  rules: '#/rules',
  rule: '#/rule/S3_ENABLE_VERSIONING',
  owners: '#/owners',
  owner: `#/owner/${encodeURIComponent(overview.owners.name[0] ?? '')}`,
  exemptions: '#/exemptions',
  remediation: '#/remediation',
  search: '#/search?q=ledger',
  missing: '#/nothing-here',
});

/** Of a bucket's versions, where there is such a one, whose fix was approved, applied and undone. */
const storyAddress = ({ overview, accounts }: Pick<Synthetic, 'overview' | 'accounts'>): string => {
  const undone = accounts.flatMap(({ account, stories }) =>
    stories
      .filter(({ steps }) => steps.some(({ step }) => step === 'undone'))
      .map((story) => ({ account, ...story })),
  );
  const one =
    undone.find(({ rule }) => overview.rules[rule]?.command === 'S3_ENABLE_VERSIONING') ?? undone[0];
  if (!one) throw new Error('No fix of this organization was undone.');
  const { account, region, type, resource } = one;
  return `#/resource/${[account, region, type, resource].map(encodeURIComponent).join('/')}`;
};
