import { AccountClient, GetAlternateContactCommand } from '@aws-sdk/client-account';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { engineGrants } from '../../src/aws/engine-grants.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { awsError, fakeSession, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { fakeContact } from '../fake-contact.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const A = '111122223333';
const sessionOf = (answer: FakeAnswer, accountId = A) =>
  fakeSession({ allow: engineGrants.evaluate, answers: [answer], accountId });

test('the contact of an account is read at most once an hour', async () => {
  const contacts = createAccountContacts();
  const session = sessionOf(fakeContact('security@example.com'));
  await expect(Promise.all([contacts.ask(session), contacts.ask(session)])).resolves.toEqual([
    'security@example.com',
    'security@example.com',
  ]);
  vi.advanceTimersByTime(3_599_999);
  await contacts.ask(session);
  expect(session.sent).toHaveLength(1);
  vi.advanceTimersByTime(1);
  // By then the first session's credentials have ended.
  const next = sessionOf(fakeContact('new@example.com'));
  await expect(contacts.ask(next)).resolves.toBe('new@example.com');
});

test('the known contact is the last answer for the account, without a call', async () => {
  const contacts = createAccountContacts();
  expect(contacts.known(A)).toBeUndefined();
  await contacts.ask(sessionOf(fakeContact('a@example.com')));
  await contacts.ask(sessionOf(fakeContact('b@example.com'), '444455556666'));
  expect([contacts.known(A), contacts.known('444455556666')]).toEqual(['a@example.com', 'b@example.com']);
});

test('an account without a security contact is not a failure', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  await expect(createAccountContacts().ask(sessionOf(fakeContact()))).resolves.toBeUndefined();
  expect(log).not.toHaveBeenCalled();
});

test('a contact that cannot be read is logged once and not read again within the hour', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const denied = on(AccountClient, GetAlternateContactCommand, () => {
    throw awsError('AccessDeniedException', 'not you', 403);
  });
  const contacts = createAccountContacts();
  const session = sessionOf(denied);
  await expect(contacts.ask(session)).resolves.toBeUndefined();
  await expect(contacts.ask(session)).resolves.toBeUndefined();
  expect(log.mock.calls).toEqual([
    [
      expect.stringMatching(
        /^The security contact of account 111122223333 .*AccessDeniedException: not you$/,
      ),
    ],
  ]);
});
