import { AccountId, parseSettings, type Rule } from '@compliance/core';
import { exampleRule, settingsWith } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { planScan } from '../src/commands/scan/plan-scan.ts';

const MASTER = AccountId.parse('999988887777');
const MEMBER = AccountId.parse('111122223333');
const settings = parseSettings(settingsWith());

const scannedIn = (rule: Rule, { id = MEMBER, regions = ['eu-west-1'], given = true } = {}) =>
  planScan({
    rules: [rule],
    regions,
    homeRegion: 'eu-west-1',
    settings: given ? settings : undefined,
    account: { id, name: id, groups: [] },
    requested: [],
  }).map(({ region }) => region);

const onlyManagement: Rule = { ...exampleRule, only: 'management-account' };
const macie: Rule = {
  ...exampleRule,
  permissions: { ...exampleRule.permissions, get: ['macie2:GetMacieSession'] },
};

test('a rule of the management account is scanned in no other account of the settings', () => {
  expect(scannedIn(onlyManagement)).toEqual([]);
  expect(scannedIn(onlyManagement, { id: MASTER })).toEqual(['eu-west-1']);
});

test('a rule of the management account is scanned where there are no settings that name it', () => {
  expect(scannedIn(onlyManagement, { given: false })).toEqual(['eu-west-1']);
});

test.each([true, false])(
  'a Region that lacks a service of the rule is not scanned, with settings: %s',
  (given) => {
    const regions = ['eu-west-1', 'eu-central-2'];
    expect(scannedIn(macie, { regions, given })).toEqual(['eu-west-1']);
    expect(scannedIn(exampleRule, { regions, given })).toEqual(regions);
  },
);
