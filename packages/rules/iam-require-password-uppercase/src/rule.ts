import { requireCharacters } from '@compliance/iam-password-policy';

export const rule = requireCharacters({
  command: 'IAM_REQUIRE_PASSWORD_UPPERCASE',
  character: 'an uppercase letter',
  member: 'RequireUppercaseCharacters',
  terraform: 'require_uppercase_characters',
  controls: { 'cis-1.2': ['1.5'] },
  equivalents: {
    securityHub: ['IAM.11'],
    prowler: ['iam_password_policy_uppercase'],
    steampipe: ['iam_account_password_policy_one_uppercase_letter'],
  },
});
