import { requireCharacters } from '@compliance/iam-password-policy';

export const rule = requireCharacters({
  command: 'IAM_REQUIRE_PASSWORD_NUMBER',
  character: 'a digit',
  member: 'RequireNumbers',
  terraform: 'require_numbers',
  controls: { 'cis-1.2': ['1.8'] },
  equivalents: {
    securityHub: ['IAM.14'],
    prowler: ['iam_password_policy_number'],
    steampipe: ['iam_account_password_policy_one_number'],
  },
});
