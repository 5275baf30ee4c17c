import { expect, test } from 'vitest';

import { absentServiceReason, concernsAccount, withRecordedTriggers } from '../../src/settings/rule-scope.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const MASTER = '999988887777';
const MANAGEMENT = '444455556666';
const MEMBER = '111122223333';
const settings = parseSettings(settingsWith());
const onlyManagement = { only: 'management-account' } as const;

test('a rule without a limit concerns every account', () => {
  expect([MASTER, MEMBER].map((id) => concernsAccount({}, settings, id))).toEqual([true, true]);
});

test('a rule of the management account concerns the master account, unless the settings name another', () => {
  expect([MASTER, MEMBER].map((id) => concernsAccount(onlyManagement, settings, id))).toEqual([true, false]);
  const { organization } = settingsWith();
  const named = parseSettings(
    settingsWith({ organization: { ...organization, managementAccountId: MANAGEMENT } }),
  );
  expect([MASTER, MANAGEMENT].map((id) => concernsAccount(onlyManagement, named, id))).toEqual([false, true]);
});

const macie = {
  permissions: { list: ['macie2:GetMacieSession'], get: ['s3:ListAllMyBuckets'], fix: [], undo: [] },
};

test.each([
  ['eu-central-2', 'aws', 'Region eu-central-2 does not have the service macie2.'],
  ['cn-north-1', 'aws-cn', 'Region cn-north-1 does not have the service macie2.'],
  ['eu-west-1', 'aws', undefined],
  // A Region that is newer than the table: the call itself shows whether the service is there.
  ['xx-new-1', 'aws', undefined],
])('the reason why Macie is not judged in %s (%s) is %j', (region, partition, reason) => {
  expect(absentServiceReason(macie, { region, partition })).toBe(reason);
});

test('a rule whose services are everywhere is judged in every Region', () => {
  expect(absentServiceReason(exampleRule, { region: 'eu-central-2', partition: 'aws' })).toBeUndefined();
});

test('a rule runs on schedule only when the settings do not record its type', () => {
  const unrecorded = parseSettings(settingsWith({ recording: { scheduleOnly: ['AWS::S3::Bucket'] } }));
  expect(withRecordedTriggers(exampleRule, unrecorded).triggers).toEqual(['schedule']);
  expect(withRecordedTriggers(exampleRule, settings)).toBe(exampleRule);
});
