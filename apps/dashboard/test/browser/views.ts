import type { Synthetic } from '../synthetic/organization.ts';

/** The address of an example of every view. */
export const viewsOf = ({ overview, accounts }: Synthetic): Readonly<Record<string, string>> => {
  const [account] = accounts;
  // Its fix was approved, applied and undone.
  const story = account?.stories.find(({ steps }) => steps.some(({ step }) => step === 'undone'));
  const resource = [story?.region, story?.type, story?.resource]
    .map((part) => encodeURIComponent(part ?? ''))
    .join('/');
  return {
    organization: '#/',
    frameworks: '#/frameworks',
    framework: '#/framework/cis-7.0',
    requirement: '#/requirement/cis-7.0/2.1.2',
    accounts: '#/accounts',
    unit: `#/unit/${encodeURIComponent(overview.units[0] ?? '')}`,
    account: `#/account/${overview.accounts.id[0]}`,
    resource: `#/resource/${account?.account}/${resource}`,
    rules: '#/rules',
    rule: '#/rule/S3_ENABLE_VERSIONING',
    owners: '#/owners',
    owner: `#/owner/${encodeURIComponent(overview.owners.name[0] ?? '')}`,
    exemptions: '#/exemptions',
    remediation: '#/remediation',
    search: '#/search?q=ledger',
    missing: '#/nothing-here',
  };
};
