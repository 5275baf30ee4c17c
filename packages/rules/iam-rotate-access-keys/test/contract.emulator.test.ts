import {
  CreateAccessKeyCommand,
  IAMClient,
  ListAccountAliasesCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { NOBODY, USER_NAME, keysOf, otherKeys, user } from '@compliance/iam-credential-report/testing';
import { inject } from 'vitest';

import { iamRotateAccessKeys } from '../src/rule.ts';

const DAY_MS = 86_400_000;

describeRuleContract(iamRotateAccessKeys, {
  now: new Date(Date.now() + 91.5 * DAY_MS),
  compliant: { 'a user whose old key is not active': user({ inactive: 1 }) },
  nonCompliant: {
    'a user with two old keys': user({ active: 2 }),
    'a user in a path, with an old key and one that is not active': user({
      active: 1,
      inactive: 1,
      path: '/teams/network/',
    }),
    'a user whose name is known': user({ active: 1, named: true }),
  },
  untouched: otherKeys,
  gone: NOBODY,
});

/** The 92nd day from now ends: a key created today is unused for 92 days, one used today for 91. */
const endOf92Days = (Math.floor(Date.now() / DAY_MS) + 93) * DAY_MS;

/** A user with two old keys, of which one is in use. */
const userOfOneKey = async (admin: Session) => {
  const resource = await user({ active: 1, named: true })(admin);
  const { AccessKey } = await admin
    .client(IAMClient)
    .send(new CreateAccessKeyCommand({ UserName: USER_NAME }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
  const credentials = { accessKeyId, secretAccessKey };
  const client = new IAMClient({ endpoint: inject('emulator'), region: admin.region, credentials });
  await client.send(new ListAccountAliasesCommand({}));
  client.destroy();
  return resource;
};

/** The user has a new key, so a person deactivates the one in use. */
const replaceKeys = async (_: Resource, admin: Session) => {
  for (const { AccessKeyId } of await keysOf(USER_NAME, admin))
    await admin
      .client(IAMClient)
      .send(new UpdateAccessKeyCommand({ UserName: USER_NAME, AccessKeyId, Status: 'Inactive' }));
};

describeRuleContract(iamRotateAccessKeys, {
  parameters: { onlyIfUnusedDays: 92 },
  now: new Date(endOf92Days - 2),
  later: new Date(endOf92Days - 1),
  compliant: {},
  nonCompliant: { 'a user with a key that was never used': user({ active: 1, named: true }) },
  settling: { 'a user with one key in use and one idle': { seed: userOfOneKey, settle: replaceKeys } },
  untouched: otherKeys,
  unproven: { 'iam:ListUsers': 'The contract above proves it.' },
});
