import { requireCharacters } from '@compliance/iam-password-policy';

export const rule = requireCharacters({
  command: 'IAM_REQUIRE_PASSWORD_LOWERCASE',
  character: 'a lowercase letter',
  member: 'RequireLowercaseCharacters',
  terraform: 'require_lowercase_characters',
  controls: { 'cis-1.2': ['1.6'] },
  equivalents: {
    securityHub: ['IAM.12'],
    prowler: ['iam_password_policy_lowercase'],
    steampipe: ['iam_account_password_policy_one_lowercase_letter'],
  },
});
