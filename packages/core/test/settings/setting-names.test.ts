import { describe, expect, test } from 'vitest';

import {
  formerNamesIn,
  formerPath,
  withCurrentNames,
  withFormerNames,
} from '../../src/settings/setting-names.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const { organization } = settingsWith();
const settingsOf = <Limits extends object, Members extends object>(limits: Limits, members: Members) => ({
  ...settingsWith(),
  limits,
  organization: { ...organization, ...members },
});

const FORMER = settingsOf(
  { sharePerHour: 0.5, planLivesDays: 21, holdAfterUndoDays: 5 },
  { configAdmission: 'open', joining: { groups: ['new'], except: ['444455556666'] } },
);
const CURRENT = settingsOf(
  { maxSharePerHour: 0.5, planTtlDays: 21, cooldownAfterUndoDays: 5 },
  { invokePermission: 'any-account', enroll: { groups: ['new'], exclude: ['444455556666'] } },
);

describe('names of settings', () => {
  test('settings under former names are those under current names', () => {
    expect(withCurrentNames(FORMER)).toEqual(CURRENT);
    expect(withCurrentNames(CURRENT)).toEqual(CURRENT);
    expect(parseSettings(FORMER)).toEqual(parseSettings(CURRENT));
  });

  test.each<[string, object]>([
    [
      'one former name',
      settingsOf({ sharePerHour: 0.5, planTtlDays: 21, cooldownAfterUndoDays: 5 }, CURRENT.organization),
    ],
    [
      'a former name in a current one',
      settingsOf(CURRENT.limits, {
        invokePermission: 'any-account',
        enroll: { groups: ['new'], except: ['444455556666'] },
      }),
    ],
    [
      'a current name in a former one',
      settingsOf(CURRENT.limits, {
        invokePermission: 'any-account',
        joining: { groups: ['new'], exclude: ['444455556666'] },
      }),
    ],
    [
      'a current value under a former name',
      settingsOf(FORMER.limits, { configAdmission: 'any-account', joining: FORMER.organization.joining }),
    ],
  ])('settings with %s are accepted', (_, mixed) => {
    expect(withCurrentNames(mixed)).toEqual(CURRENT);
  });

  test.each([
    ['accounts', 'per-account'],
    ['open', 'any-account'],
  ])('the value %s of configAdmission is the value %s of invokePermission', (former, current) => {
    const settings = parseSettings(settingsOf({}, { configAdmission: former }));
    expect(settings.organization.invokePermission).toBe(current);
    expect(withFormerNames(settings)).toMatchObject({ organization: { configAdmission: former } });
  });

  test.each<[string, object, string]>([
    [
      'sharePerHour',
      settingsOf({ sharePerHour: 1, maxSharePerHour: 1 }, {}),
      "limits: unknown key 'sharePerHour'",
    ],
    ['joining', settingsOf({}, { joining: {}, enroll: {} }), "organization: unknown key 'joining'"],
    [
      'except',
      settingsOf({}, { enroll: { except: [], exclude: [] } }),
      "organization.enroll: unknown key 'except'",
    ],
  ])('a setting under its former name %s and its current name is refused', (_, both, mistake) => {
    expect(() => parseSettings(both)).toThrow(
      expect.objectContaining({ code: 'malformed-settings', message: `Invalid settings: ${mistake}` }),
    );
  });

  test('settings are published under their former names and read back as they were', () => {
    const settings = parseSettings(CURRENT);
    const published = withFormerNames(settings);
    expect(published).toMatchObject({ limits: FORMER.limits, organization: FORMER.organization });
    expect(formerNamesIn(published)).toHaveLength(6);
    expect(parseSettings(JSON.parse(JSON.stringify(published)))).toEqual(settings);
  });

  test.each([[undefined], [null], ['text'], [[]], [{ limits: 1 }], [{ organization: null }]])(
    'names are left alone in %j, which is not settings',
    (input) => {
      expect(withCurrentNames(input)).toEqual(input);
      expect(withFormerNames(input)).toEqual(input);
      expect(formerNamesIn(input)).toEqual([]);
    },
  );

  test('every former name is found, with what to write instead', () => {
    const found = formerNamesIn(FORMER).map(({ path, write }) => [path.join('.'), write]);
    expect(found).toEqual([
      ['limits.sharePerHour', 'limits.maxSharePerHour'],
      ['limits.planLivesDays', 'limits.planTtlDays'],
      ['limits.holdAfterUndoDays', 'limits.cooldownAfterUndoDays'],
      ['organization.configAdmission', 'organization.invokePermission: any-account'],
      ['organization.joining', 'organization.enroll'],
      ['organization.joining.except', 'organization.enroll.exclude'],
    ]);
    expect(formerNamesIn(CURRENT)).toEqual([]);
  });

  test.each([
    [
      ['limits', 'planTtlDays'],
      ['limits', 'planLivesDays'],
    ],
    [
      ['organization', 'enroll', 'exclude', 0],
      ['organization', 'joining', 'except', '0'],
    ],
    [
      ['organization', 'homeRegion'],
      ['organization', 'homeRegion'],
    ],
    [
      ['rules', 'enroll'],
      ['rules', 'enroll'],
    ],
  ])('the former path of %j is %j', (path, former) => {
    expect(formerPath(path)).toEqual(former);
  });
});
