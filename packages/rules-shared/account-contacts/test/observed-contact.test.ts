import { expect, test } from 'vitest';

import { observedContact } from '../src/observed-contact.ts';

const FIELDS = ['Name', 'Title', 'PhoneNumber'];
const JANE = { Name: 'Jane Doe', Title: 'CISO', PhoneNumber: '+1 (555) 0100' };

test('a contact is observed as a digest and the names of its empty fields, without a value', () => {
  const observed = observedContact({ ...JANE, Title: ' ' }, FIELDS);
  expect(observed).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{16}$/), emptyFields: ['Title'] });
  expect(JSON.stringify(observed)).not.toMatch(/Jane|555/);
});

test('an absent field is as empty as one without a value', () => {
  expect(observedContact({ Name: 'Jane Doe' }, FIELDS)).toEqual(
    observedContact({ Name: 'Jane Doe', Title: '', PhoneNumber: undefined }, FIELDS),
  );
});

test('each field counts for the digest, other members do not', () => {
  const { digest } = observedContact(JANE, FIELDS);
  for (const other of [{ Name: 'John Doe' }, { Title: 'CTO' }, { PhoneNumber: '+1 555 0101' }])
    expect(observedContact({ ...JANE, ...other }, FIELDS).digest).not.toBe(digest);
  expect(observedContact({ ...JANE, AlternateContactType: 'SECURITY' }, FIELDS).digest).toBe(digest);
});

test('spaces around a value and in a telephone number make no other contact', () => {
  expect(observedContact({ ...JANE, Name: ' Jane Doe ', PhoneNumber: '+15550100' }, FIELDS)).toEqual(
    observedContact(JANE, FIELDS),
  );
});
