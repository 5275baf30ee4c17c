import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import type { ConfigurationItem, Session } from '@compliance/core/rule';
import {
  definePolicyDocument,
  includes,
  statementsOf,
  withoutPublicAccess,
  type PolicyContent,
} from '@compliance/policy-document';
import type { FoundPolicies } from '@compliance/public-policies';
import * as z from 'zod';

export const FURTHER_KEYS = ['kms:calleraccount'];

const write = async (KeyId: string, Policy: string, session: Session) => {
  await session.client(KMSClient).send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
};

/** The policy of a key, by the key's id. A key always has one. */
export const keyPolicy = definePolicyDocument({
  kind: 'kms/key-policy',
  read: async (KeyId, session) => {
    const command = new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' });
    return (await session.client(KMSClient).send(command)).Policy;
  },
  write,
  remove: (id, session) => write(id, JSON.stringify(defaultPolicy(session)), session),
});

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const defaultPolicy = ({ partition, accountId }: Session): PolicyContent => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

/** The policy of a key that the account manages. */
export const readKeyPolicy = async (id: string, session: Session): Promise<FoundPolicies> => {
  const { KeyMetadata } = await session.client(KMSClient).send(new DescribeKeyCommand({ KeyId: id }));
  if (KeyMetadata?.KeyManager === 'AWS')
    return { policies: [], skipped: 'AWS manages the key and its policy.' };
  const state = KeyMetadata?.KeyState ?? '';
  if (isGoingToBeDeleted(state))
    return { policies: [], skipped: `The key is going to be deleted: ${state}.` };
  const policy = await keyPolicy.read(id, session);
  const found = { policies: [{ key: id, policy }] };
  if (policy === undefined || isManageable(withoutPublicAccess(policy, FURTHER_KEYS), session)) return found;
  return {
    ...found,
    refusal: `Without what lets everybody in, nobody could manage key ${id}. Add the statement "Enable IAM User Permissions" for the account to its policy first.`,
  };
};

/** The policy in the item of a key that the account manages and keeps. */
export const policyInItem = ({ configuration, supplementary }: ConfigurationItem): string | undefined => {
  const key = ItemKey.safeParse(configuration);
  return key.success && !isGoingToBeDeleted(key.data.keyState)
    ? z.string().safeParse(supplementary['Policy']).data
    : undefined;
};

const ItemKey = z.object({ keyManager: z.literal('CUSTOMER'), keyState: z.string() });

const isGoingToBeDeleted = (state: string): boolean => /^Pending.*Deletion$/.test(state);

/** Whether somebody of the account may change the policy. A key without such a principal needs AWS Support. */
const isManageable = (policy: PolicyContent, { accountId }: Session): boolean =>
  statementsOf(policy).some(
    ({ effect, principals, actions, conditions }) =>
      effect === 'Allow' &&
      conditions.length === 0 &&
      includes(actions, 'kms:PutKeyPolicy') &&
      principals?.aws.some((name) => name === accountId || name.includes(`:${accountId}:`)) === true,
  );
