import { AccountClient, GetAlternateContactCommand, type AlternateContact } from '@aws-sdk/client-account';
import { AccountId, type Fix } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';
import { withoutPersonalData, type Facts } from '../src/security-contact.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::::Account', resourceId: ACCOUNT };
const JANE = {
  Name: 'Jane Doe',
  Title: 'CISO',
  EmailAddress: 'jane@Example.com',
  PhoneNumber: '+15550100',
};
const PERSONAL = /jane|ciso|example|555/i;

const contextWith = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(ACCOUNT),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});

const accountThat = (answer: () => { AlternateContact?: AlternateContact }) =>
  fakeSession({
    allow: rule.permissions.get,
    answers: [on(AccountClient, GetAlternateContactCommand, answer)],
  });

const factsIn = async (answer: () => { AlternateContact?: AlternateContact }) =>
  (await rule.observe.get(resource, { session: accountThat(answer) }))?.facts;

describe('observe', () => {
  test('the facts hold nothing of the contact', async () => {
    const facts = await factsIn(() => ({ AlternateContact: JANE }));
    expect(facts).toEqual({ contact: withoutPersonalData(JANE) });
    expect(JSON.stringify(facts)).not.toMatch(PERSONAL);
  });

  test('no contact is found only when AWS says so', async () => {
    const failing = (code: string) =>
      factsIn(() => {
        throw awsError(code);
      });
    await expect(failing('ResourceNotFoundException')).resolves.toEqual({ contact: null });
    await expect(failing('AccessDeniedException')).rejects.toThrow('AccessDeniedException');
  });

  test('each account is asked for its own contact: the call names no other account', async () => {
    const session = accountThat(() => ({ AlternateContact: JANE }));
    await rule.observe.get(resource, { session });
    expect(session.sent).toEqual([
      { operation: 'GetAlternateContact', input: { AlternateContactType: 'SECURITY' } },
    ]);
  });
});

describe('judge', () => {
  const verdict = (contact: Facts['contact'], parameters: object = {}) =>
    rule.judge({ contact }, contextWith(parameters));

  test.each([
    [null, 'The account has no security contact.'],
    [
      withoutPersonalData({ ...JANE, Name: '', PhoneNumber: ' ' }),
      'The security contact has no Name, PhoneNumber.',
    ],
  ])('%j is NON_COMPLIANT', (contact, annotation) => {
    expect(verdict(contact)).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });

  test('a personal mailbox fails where the settings allow only the domains of teams', () => {
    const allowedEmailDomains = ['teams.example.com'];
    const found = verdict(withoutPersonalData(JANE), { allowedEmailDomains });
    expect(found.complianceType).toBe('NON_COMPLIANT');
    expect(JSON.stringify(found)).not.toMatch(PERSONAL);
  });

  test('a domain is allowed in capital and small letters', () => {
    const allowedEmailDomains = ['other.org', 'EXAMPLE.com'];
    expect(verdict(withoutPersonalData(JANE), { allowedEmailDomains }).complianceType).toBe('COMPLIANT');
  });
});

describe('fix', () => {
  const fixOf = (contact: Facts['contact']): Fix | undefined =>
    rule.fix?.({
      ...contextWith({ securityContact: JANE }),
      resource,
      facts: { contact },
      handles: undefined,
    });

  test.each([
    ['of an account without a contact', null],
    ['of an account with another contact', withoutPersonalData({ ...JANE, Name: '' })],
  ])('the plan %s holds nothing of the contact, and names its digest', (_, contact) => {
    const text = JSON.stringify(fixOf(contact));
    expect(text).not.toMatch(PERSONAL);
    expect(text).toContain(withoutPersonalData(JANE).digest);
  });

  test('only where there was no contact, nothing is lost, and undo deletes the new one', () => {
    expect(fixOf(null)).toMatchObject({ risk: 'safe' });
    expect(fixOf(withoutPersonalData({}))).toMatchObject({
      risk: 'irreversible',
      steps: [{ undo: { impossible: expect.stringContaining('personal data') } }],
    });
  });
});

describe('parameters', () => {
  test.each([
    ['an address that is none', { securityContact: { ...JANE, EmailAddress: 'jane' } }],
    ['a number that is none', { securityContact: { ...JANE, PhoneNumber: 'jane' } }],
    ['a contact of a domain that is not allowed', { securityContact: JANE, allowedEmailDomains: ['a.org'] }],
  ])('the settings cannot have %s, and the refusal does not quote it', (_, parameters) => {
    const parsed = rule.parameters.safeParse(parameters);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.message).not.toMatch(/jane/i);
  });
});
