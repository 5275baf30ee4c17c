import {
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const statement = { Sid: 'Read', Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' };
const [policy] = rule.undo?.documents ?? [];

test.for([
  ['for one account is written with AWS’s own refusal of public policies', { AWS: '111122223333' }, true],
  ['for everybody, which an undo restores, is written without it', '*', false],
] as const)('a policy %s', async ([, Principal, BlockPublicPolicy]) => {
  const session = fakeSession({
    allow: [...rule.permissions.get, ...rule.permissions.fix],
    answers: [
      on(SecretsManagerClient, GetResourcePolicyCommand, () => ({})),
      on(SecretsManagerClient, PutResourcePolicyCommand, () => ({})),
    ],
  });
  await policy?.write('arn', { Statement: [{ ...statement, Principal }] }, session);
  expect(session.sent.at(-1)?.input).toMatchObject({ SecretId: 'arn', BlockPublicPolicy });
});
