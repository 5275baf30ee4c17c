import { AccountClient, PutAlternateContactCommand } from '@aws-sdk/client-account';
import { call } from '@compliance/core/rule';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { hideContact } from '../src/hide-contact.ts';

const CONTACT = {
  AlternateContactType: 'SECURITY',
  Name: 'Jane Doe',
  Title: 'CISO',
  EmailAddress: 'jane@example.com',
  PhoneNumber: '+15550100',
} as const;

const hidden = hideContact(
  call(AccountClient, PutAlternateContactCommand, CONTACT, { undo: { impossible: 'No contact is kept.' } }),
  { shown: { digest: '0123' }, parameter: 'securityContact' },
);

const accountThat = (answer: () => object) =>
  fakeSession({
    allow: ['account:PutAlternateContact'],
    answers: [on(AccountClient, PutAlternateContactCommand, answer)],
  });

test('plans and journals see what is shown, and AWS gets the contact', async () => {
  const session = accountThat(() => ({}));
  expect(JSON.stringify(hidden)).not.toMatch(/Jane|jane|555/);
  expect(hidden.input).toEqual({ digest: '0123' });
  await hidden.operation.send(hidden.input, session);
  expect(session.sent).toEqual([{ operation: 'PutAlternateContact', input: CONTACT }]);
});

const failureOf = async (error: Error): Promise<unknown> => {
  const session = accountThat(() => {
    throw error;
  });
  return hidden.operation.send(hidden.input, session).catch((thrown: unknown) => thrown);
};

test('an error that quotes the contact keeps its code, and nothing of the contact', async () => {
  const failure = await failureOf(awsError('ValidationException', "Value 'jane@example.com' is not valid"));
  expect(failure).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('securityContact'),
  });
  expect(failure).not.toHaveProperty('cause');
  expect(String(failure)).not.toContain('jane');
});

test.each([
  ['a denial', awsError('AccessDeniedException', 'not authorized', 403)],
  ['throttling', awsError('TooManyRequestsException', 'slow down', 429)],
])('%s is passed on as it is, because it quotes no input', async (_, error) => {
  expect(await failureOf(error)).toBe(error);
});
