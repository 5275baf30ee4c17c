import {
  AccountClient,
  GetContactInformationCommand,
  type ContactInformation,
} from '@aws-sdk/client-account';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { withoutPersonalData } from '../src/primary-contact.ts';
import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::::Account', resourceId: ACCOUNT };
const JANE = {
  FullName: 'Jane Doe',
  AddressLine1: '1 Main Street',
  City: 'Seattle',
  PostalCode: '98101',
  CountryCode: 'US',
  PhoneNumber: '+1 555 555 0100',
};
const PERSONAL = /jane|main street|seattle|98101|555/i;

const contextWith = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(ACCOUNT),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});

const factsIn = async (answer: () => { ContactInformation?: ContactInformation }) => {
  const session = fakeSession({
    allow: rule.permissions.get,
    answers: [on(AccountClient, GetContactInformationCommand, answer)],
  });
  return (await rule.observe.get(resource, { session }))?.facts;
};

describe('observe', () => {
  test('the facts hold a digest and the names of the empty fields, and nothing of the contact', async () => {
    const facts = await factsIn(() => ({ ContactInformation: { ...JANE, CompanyName: '' } }));
    expect(facts?.contact?.emptyFields).toEqual([
      'AddressLine2',
      'AddressLine3',
      'CompanyName',
      'DistrictOrCounty',
      'StateOrRegion',
      'WebsiteUrl',
    ]);
    expect(JSON.stringify(facts)).not.toMatch(PERSONAL);
  });

  test('a contact that may not be read is a failure, not an absent contact', async () => {
    await expect(
      factsIn(() => {
        throw awsError('AccessDeniedException', 'no trusted access', 403);
      }),
    ).rejects.toThrow('no trusted access');
  });
});

describe('judge', () => {
  const verdict = (contact: object | null, parameters: object = {}) =>
    rule.judge({ contact: contact && withoutPersonalData({ ...contact }) }, contextWith(parameters));

  test('an optional field may be empty', () => {
    expect(verdict(JANE)).toEqual({ complianceType: 'COMPLIANT' });
  });

  test.each([
    [null, {}, 'The account has no primary contact.'],
    [{ ...JANE, City: ' ', PostalCode: '' }, {}, 'The primary contact has no City, PostalCode.'],
    [JANE, { requiredFields: ['CompanyName'] }, 'The primary contact has no CompanyName.'],
    [
      { ...JANE, City: 'Berlin' },
      { expectedContact: JANE },
      'The primary contact is not the one that the settings expect.',
    ],
  ])('%j with %j is NON_COMPLIANT', (contact, parameters, annotation) => {
    expect(verdict(contact, parameters)).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });

  test('another way to write the telephone number makes no other contact', () => {
    expect(verdict({ ...JANE, PhoneNumber: '+15555550100' }, { expectedContact: JANE }).complianceType).toBe(
      'COMPLIANT',
    );
  });

  test('even with all fields empty the reason fits into an annotation', () => {
    const requiredFields = Object.keys(JANE);
    expect(verdict({}, { requiredFields })).toMatchObject({
      annotation: expect.stringMatching(/^.{1,250}$/),
    });
  });
});

test('a COMPLIANT verdict says that a person has to confirm that the contact is current', () => {
  expect(rule.partly).toContain('current');
});

test('the plan holds nothing of the contact, names its digest, and says why it cannot be undone', () => {
  const fix = rule.fix?.({
    ...contextWith({ expectedContact: JANE }),
    resource,
    facts: { contact: null },
    handles: undefined,
  });
  expect(JSON.stringify(fix)).not.toMatch(PERSONAL);
  expect(JSON.stringify(fix)).toContain(withoutPersonalData(JANE).digest);
  expect(fix).toMatchObject({
    risk: 'irreversible',
    steps: [{ undo: { impossible: expect.stringContaining('personal data') } }],
  });
});

test('the settings cannot expect a contact that lacks what they require', () => {
  const parsed = rule.parameters.safeParse({ requiredFields: ['WebsiteUrl'], expectedContact: JANE });
  expect(parsed.success).toBe(false);
  expect(parsed.error?.message).not.toMatch(PERSONAL);
});
