import {
  DeleteAccountPasswordPolicyCommand,
  GetAccountPasswordPolicyCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import { defineSharedDocument, hasCode, type Permissions } from '@compliance/core/rule';
import * as z from 'zod';

const Required = z.boolean().default(false);

/**
 * The account's password policy for IAM users, in AWS's own words. AWS replaces it as a whole and takes what a write
 * leaves out for its default, so it is read and written whole. What is not set is left out; AWS refuses null and 0.
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
  /** Days; where left out, passwords do not expire. */
  MaxPasswordAge: z.int().positive().exactOptional(),
  /** How many previous passwords are refused; where left out, none. */
  PasswordReusePrevention: z.int().positive().exactOptional(),
});
export type PasswordPolicy = z.infer<typeof PasswordPolicy>;

/** The document that all rules on passwords share; one for each account. */
export const passwordPolicy = defineSharedDocument<PasswordPolicy>({
  kind: 'iam/password-policy',
  // AWS's own rule also wants three of four kinds of characters, which no custom policy can say.
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
      return PasswordPolicy.parse(withoutUnset(answer.PasswordPolicy ?? {}));
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

/** What a rule needs that observes with `observePasswordPolicy` and edits this document. */
export const PASSWORD_POLICY_PERMISSIONS: Permissions = {
  list: ['iam:GetAccountPasswordPolicy'],
  get: ['iam:GetAccountPasswordPolicy'],
  fix: ['iam:UpdateAccountPasswordPolicy'],
  undo: ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'],
};

const NONE = 'NoSuchEntityException';

const withoutUnset = (answer: object) =>
  Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null && value !== 0));
