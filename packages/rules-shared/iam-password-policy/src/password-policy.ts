import {
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
  type PasswordPolicy as ApiPasswordPolicy,
} from '@aws-sdk/client-iam';
import { defineSharedDocument, hasCode, type Permissions } from '@compliance/core/rule';
import * as z from 'zod';

const Required = z.boolean().default(false);

/**
 * The account's password policy for IAM users, with AWS's names.
 * AWS replaces the whole policy and resets what a write leaves out, so it is read and written as a whole. Unset members
 * are left out, because AWS refuses null and 0.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
 */
const PasswordPolicy = z.object({
  MinimumPasswordLength: z.int(),
  RequireSymbols: Required,
  RequireNumbers: Required,
  RequireUppercaseCharacters: Required,
  RequireLowercaseCharacters: Required,
  AllowUsersToChangePassword: Required,
  HardExpiry: Required,
  /** In days; absent: passwords do not expire. */
  MaxPasswordAge: z.int().positive().exactOptional(),
  /** How many previous passwords are refused; absent: none. */
  PasswordReusePrevention: z.int().positive().exactOptional(),
});
export type PasswordPolicy = z.infer<typeof PasswordPolicy>;

/** The document that all rules on passwords share, one per account. */
export const passwordPolicy = defineSharedDocument<PasswordPolicy>({
  kind: 'iam/password-policy',
  // AWS's default also requires three of four kinds of characters, which no custom policy can express.
  defaults: {
    MinimumPasswordLength: 8,
    RequireSymbols: false,
    RequireNumbers: false,
    RequireUppercaseCharacters: false,
    RequireLowercaseCharacters: false,
    AllowUsersToChangePassword: false,
    HardExpiry: false,
  },
  read: async (_, session) => {
    try {
      const answer = await session.client(IAMClient).send(new GetAccountPasswordPolicyCommand({}));
      return PasswordPolicy.parse(inForce(answer.PasswordPolicy ?? {}));
    } catch (error) {
      if (hasCode(error, NONE)) return undefined;
      throw error;
    }
  },
  write: async (_, policy, session) => {
    await session.client(IAMClient).send(new UpdateAccountPasswordPolicyCommand(policy));
  },
  remove: async (_, session) => {
    try {
      await session.client(IAMClient).send(new DeleteAccountPasswordPolicyCommand({}));
    } catch (error) {
      if (!hasCode(error, NONE)) throw error;
    }
  },
});

/** The permissions of a rule that observes and edits the password policy. */
export const PASSWORD_POLICY_PERMISSIONS: Permissions = {
  list: ['iam:GetAccountPasswordPolicy'],
  get: ['iam:GetAccountPasswordPolicy'],
  fix: ['iam:UpdateAccountPasswordPolicy'],
  undo: ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'],
};

const NONE = 'NoSuchEntityException';

/** The members that are set. An age beside `ExpirePasswords: false` is not: written back, it would begin to expire. */
const inForce = (answer: ApiPasswordPolicy) =>
  Object.fromEntries(
    Object.entries(answer).filter(
      ([name, value]) =>
        value !== null && value !== 0 && !(name === 'MaxPasswordAge' && answer.ExpirePasswords === false),
    ),
  );
