import { requireCharacters } from '@compliance/iam-password-policy';

export const rule = requireCharacters({
  command: 'IAM_REQUIRE_PASSWORD_SYMBOL',
  character: 'a symbol',
  member: 'RequireSymbols',
  terraform: 'require_symbols',
  controls: { 'cis-1.2': ['1.7'] },
  equivalents: {
    securityHub: ['IAM.13'],
    prowler: ['iam_password_policy_symbol'],
    steampipe: ['iam_account_password_policy_one_symbol'],
  },
});
