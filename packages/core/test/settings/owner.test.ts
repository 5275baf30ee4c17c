import { expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { createAccountContacts } from '../../src/settings/account-contacts.ts';
import { knownOwnerOf } from '../../src/settings/owner.ts';
import { tagNamed } from '../../src/settings/tag-named.ts';

const account = { id: AccountId.parse('111122223333'), name: 'prod', groups: [], owner: 'account-owner' };

test.each<[Record<string, string>, string]>([
  [{ owner: 'team-a' }, 'team-a'],
  [{ Owner: 'team-a' }, 'team-a'],
  [{ OWNER: 'team-a' }, 'team-a'],
  [{ Owner: 'team-b', owner: 'team-a' }, 'team-a'],
  [{ owners: 'team-a' }, 'account-owner'],
  [{ Owner: ' ' }, 'account-owner'],
  [{}, 'account-owner'],
])('the owner of a resource with tags %j is %s', (tags, owner) => {
  const appliedSettings = { owners: { tag: 'owner', default: 'unowned' } };
  expect(knownOwnerOf({ tags }, { account, appliedSettings, contacts: createAccountContacts() })).toBe(owner);
});

test.each([
  ['cost-owner', { CostOwner: 'a' }, ['CostOwner', 'a']],
  ['cost-owner', { cost_owner: 'b', 'Cost Owner': 'a' }, ['Cost Owner', 'a']],
  ['aws:x:y', { 'AWS-X-Y': 'a' }, undefined],
  ['x', { 'aws:x': 'a' }, undefined],
  ['constructor', {}, undefined],
])('the tag %s of %j is %j', (name, tags, found) => {
  expect(tagNamed(tags, name)).toEqual(found);
});
