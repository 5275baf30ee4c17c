import { afterEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';

import { AccountId } from '../../src/base/account-id.ts';
import { systemClock } from '../../src/base/clock.ts';
import {
  accountIn,
  allows,
  applicableTo,
  cachedSettings,
  MODES,
  parametersOf,
  parseSettings,
} from '../../src/settings/settings.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const COMMAND = 'EXAMPLE_KEEP_VERSIONS';
const refusalOf = (input: unknown): string => {
  try {
    parseSettings(input);
  } catch (error) {
    expect(error).toMatchObject({ kind: 'permanent', code: 'malformed-settings' });
    return String(error);
  }
  throw new Error('The settings were accepted.');
};

describe('parseSettings', () => {
  test('settings need only an organization and an account; the defaults are careful', () => {
    expect(parseSettings(settingsWith())).toMatchObject({
      defaults: { mode: 'plan' },
      rules: {},
      sweep: 'changes',
      repeatNonCompliantInAuto: true,
      limits: {
        fixesPerHour: { ruleAndAccount: 20, organization: 200 },
        maxSharePerHour: 0.25,
        failuresPerHour: 5,
        flaps: { times: 3, hours: 24 },
      },
      infrastructureAsCode: { enforce: false },
      exclusions: [],
    });
  });

  const account = { id: '111122223333', name: 'prod' };
  test.each<[string, object, string]>([
    ['an account listed twice', { accounts: [account, account] }, 'account 111122223333 is listed twice'],
    ['no account', { accounts: [] }, 'accounts'],
    ['an invalid account id', { accounts: [{ ...account, id: '12' }] }, 'has 12 digits'],
    [
      'an unknown group',
      { rules: { [COMMAND]: { groups: { prdo: { mode: 'auto' } } } } },
      "no account is in group 'prdo'",
    ],
    ['an unknown key', { swep: 'full' }, 'swep'],
    ['an unknown key of a rule', { rules: { [COMMAND]: { moed: 'auto' } } }, 'moed'],
    ['an unknown key of an account', { accounts: [{ ...account, group: ['prod'] }] }, 'group'],
    ['an unknown key of a limit', { limits: { fixesPerHuor: {} } }, 'fixesPerHuor'],
    ['an unknown mode', { defaults: { mode: 'fix' } }, 'mode'],
    ['a share above 1', { limits: { maxSharePerHour: 2 } }, 'maxSharePerHour'],
  ])('settings with %s are refused with the reason', (_, members, reason) => {
    expect(refusalOf(settingsWith(members))).toContain(reason);
  });

  test.each(['my secret id', 'geheim-schlüssel', '${path.module}', '%{if true}', 'a'])(
    'the external id %j, which AWS would refuse, is refused',
    (externalId) => {
      const organization = { ...settingsWith().organization, externalId };
      expect(refusalOf(settingsWith({ organization }))).toMatch(
        /organization\.externalId: (AWS accepts letters of English, digits and _\+=,\.@:\/- |must have at least 2)/,
      );
    },
  );

  test('settings whose home Region is not among the Regions are refused', () => {
    const { organization } = settingsWith();
    const elsewhere = { ...organization, homeRegion: 'us-east-1' };
    expect(refusalOf(settingsWith({ organization: elsewhere }))).toContain(
      'us-east-1 is not among the Regions',
    );
  });

  test('a rule may name a group that only enrolled accounts will be in', () => {
    const organization = { ...settingsWith().organization, enroll: { groups: ['new'] } };
    const settings = settingsWith({
      organization,
      rules: { [COMMAND]: { groups: { new: { mode: 'off' } } } },
    });
    expect(parseSettings(settings)).toMatchObject({
      organization: { enroll: { groups: ['new'], exclude: [] } },
    });
  });

  test('the error of settings lists every mistake', () => {
    const reasons = refusalOf(settingsWith({ sweep: 'some', accounts: [{ ...account, id: '12' }] }));
    expect(reasons).toContain('sweep');
    expect(reasons).toContain('12 digits');
  });

  test.each([[undefined], [null], ['settings'], [[]]])('settings that are %j are refused', (input) => {
    expect(refusalOf(input)).toMatch(/Invalid settings: (is missing|must be a set of keys)/);
  });
});

test('each mode allows all that those before it allow', () => {
  for (const [index, mode] of MODES.entries())
    for (const [other, least] of MODES.entries()) expect(allows(mode, least)).toBe(index >= other);
});

test('an account that the settings do not list is foreign', () => {
  const settings = parseSettings(settingsWith());
  expect(accountIn(settings, AccountId.parse('111122223333'))).toMatchObject({ name: 'prod' });
  expect(() => accountIn(settings, AccountId.parse('444455556666'))).toThrow(
    expect.objectContaining({ kind: 'permanent', code: 'foreign-account' }),
  );
});

describe('applicableTo', () => {
  const settings = parseSettings(
    settingsWith({
      accounts: [
        { id: '111122223333', name: 'prod', groups: ['all', 'prod'] },
        { id: '444455556666', name: 'odd', groups: ['prod', 'all'] },
        { id: '777788889999', name: 'none' },
      ],
      defaults: { mode: 'observe' },
      rules: {
        [COMMAND]: {
          mode: 'plan',
          parameters: { days: 30, bucket: 'rule' },
          groups: {
            all: { mode: 'approve', parameters: { bucket: 'all' }, allowDisruptive: true },
            prod: { mode: 'auto', parameters: { bucket: 'prod' } },
          },
        },
      },
    }),
  );
  const applicable = (id: string, command = COMMAND) =>
    applicableTo(settings, accountIn(settings, AccountId.parse(id)), command);

  test('the defaults apply to a rule without settings', () => {
    expect(applicable('111122223333', 'OTHER_RULE')).toEqual({
      mode: 'observe',
      allowDisruptive: false,
      parameters: {},
    });
  });

  test('the rule’s own choice applies to accounts without a group', () => {
    expect(applicable('777788889999')).toEqual({
      mode: 'plan',
      allowDisruptive: false,
      parameters: { days: 30, bucket: 'rule' },
    });
  });

  test('the last group of an account wins, member by member', () => {
    expect(applicable('111122223333')).toEqual({
      mode: 'auto',
      allowDisruptive: true,
      parameters: { days: 30, bucket: 'prod' },
    });
    expect(applicable('444455556666')).toMatchObject({ mode: 'approve', parameters: { bucket: 'all' } });
  });

  describe('globs among the rules', () => {
    const { accounts } = parseSettings(
      settingsWith({ accounts: [{ id: '111122223333', name: 'prod', groups: ['prod'] }] }),
    );
    const [account] = accounts;
    const choose = (rules: object, command = COMMAND) =>
      account && applicableTo(parseSettings(settingsWith({ accounts, rules })), account, command);

    test('a glob applies to every rule that it matches, and to no other', () => {
      const rules = { 'EXAMPLE_*': { mode: 'auto', parameters: { topic: 'all' } } };
      expect(choose(rules)).toMatchObject({ mode: 'auto', parameters: { topic: 'all' } });
      expect(choose(rules, 'OTHER_RULE')).toMatchObject({ mode: 'plan', parameters: {} });
    });

    test('the exact name wins over a glob, member by member, wherever it stands in the file', () => {
      const rules = {
        [COMMAND]: { parameters: { days: 7 }, groups: { prod: { mode: 'approve' } } },
        '*': { mode: 'observe' },
        'EXAMPLE_*': { parameters: { days: 1, topic: 'all' }, groups: { prod: { mode: 'auto' } } },
      };
      expect(choose(rules)).toEqual({
        mode: 'approve',
        allowDisruptive: false,
        parameters: { days: 7, topic: 'all' },
      });
    });

    test('of two globs the later one in the file wins', () => {
      expect(choose({ '*': { mode: 'auto' }, 'EXAMPLE_*': { mode: 'observe' } })).toMatchObject({
        mode: 'observe',
      });
    });

    test('a group’s choice of a glob wins over the rule’s own choice for all accounts', () => {
      const rules = { [COMMAND]: { mode: 'observe' }, '*': { groups: { prod: { mode: 'approve' } } } };
      expect(choose(rules)).toMatchObject({ mode: 'approve' });
    });
  });
});

describe('parametersOf', () => {
  const rule = { command: COMMAND, parameters: z.object({ days: z.int().default(90) }) };
  const PLACE = { accountId: '111122223333', region: 'cn-north-1', partition: 'aws-cn' };

  test('placeholders are expanded in every text of the parameters', () => {
    const texts = {
      command: COMMAND,
      parameters: z.object({
        topic: z.string(),
        buckets: z.array(z.string()),
        by: z.record(z.string(), z.string()),
      }),
    };
    const parameters = {
      topic: 'arn:{partition}:sns:{region}:{accountId}:alarms',
      buckets: ['logs-{accountId}', 'plain'],
      by: { region: '{region}' },
    };
    expect(parametersOf(texts, { parameters }, PLACE)).toEqual({
      topic: 'arn:aws-cn:sns:cn-north-1:111122223333:alarms',
      buckets: ['logs-111122223333', 'plain'],
      by: { region: 'cn-north-1' },
    });
  });

  test.each(['{regoin}', 'logs-{accountid}', '{Region}'])(
    'the unknown placeholder in %s is refused',
    (text) => {
      const texts = { command: COMMAND, parameters: z.object({ bucket: z.string() }) };
      expect(() => parametersOf(texts, { parameters: { bucket: text } }, PLACE)).toThrow(
        expect.objectContaining({ code: 'malformed-parameters' }),
      );
    },
  );

  test.each(['${version} ${account-id}', '{ ($.eventName = Delete*) }', '{"a":1}'])(
    'the braces of %s are not a placeholder',
    (text) => {
      const texts = { command: COMMAND, parameters: z.object({ format: z.string() }) };
      expect(parametersOf(texts, { parameters: { format: text } }, PLACE)).toEqual({ format: text });
    },
  );

  test('parameters that are not set have the defaults of the rule', () => {
    expect(parametersOf(rule, { parameters: {} }, PLACE)).toEqual({ days: 90 });
  });

  test('parameters that the rule does not accept are refused, and the error names the rule', () => {
    expect(() => parametersOf(rule, { parameters: { days: '90' } }, PLACE)).toThrow(
      expect.objectContaining({
        kind: 'permanent',
        code: 'malformed-parameters',
        message: expect.stringContaining(COMMAND) as string,
      }),
    );
  });
});

describe('cachedSettings', () => {
  const { now } = systemClock;
  afterEach(() => void vi.useRealTimers());
  const useFakeClock = () => vi.useFakeTimers({ toFake: ['Date'] });

  test('settings are loaded once within their seconds and again after them', async () => {
    useFakeClock();
    const load = vi.fn<() => Promise<unknown>>(async () => settingsWith());
    const settings = cachedSettings(load, now, 60);
    await settings();
    vi.advanceTimersByTime(59_999);
    await settings();
    expect(load).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    await settings();
    expect(load).toHaveBeenCalledTimes(2);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['cannot be read', () => Promise.reject(new Error('AccessDenied'))],
    ['are malformed', async () => ({})],
  ])('settings that %s are a transient failure, which is not cached', async (_, failing) => {
    const load = vi.fn<() => Promise<unknown>>(failing);
    const settings = cachedSettings(load, now);
    await expect(settings()).rejects.toMatchObject({ kind: 'transient', code: 'settings-unreadable' });
    load.mockResolvedValue(settingsWith());
    await expect(settings()).resolves.toMatchObject({ sweep: 'changes' });
  });

  test('cached settings expire even when they cannot be loaded again', async () => {
    useFakeClock();
    const load = vi.fn<() => Promise<unknown>>(async () => settingsWith());
    const settings = cachedSettings(load, now, 1);
    await settings();
    vi.advanceTimersByTime(1000);
    load.mockRejectedValue(new Error('gone'));
    await expect(settings()).rejects.toMatchObject({ kind: 'transient' });
  });
});
