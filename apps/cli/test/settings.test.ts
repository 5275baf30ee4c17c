import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseSettings } from '@compliance/core';
import { enabledRules, modeIn, settingsNotices } from '@compliance/infra';
import { loadAllRules } from '@compliance/registry';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';

import { checkSettings, explainSettings, printSchema } from '../src/commands/settings/run.ts';
import { UsageError } from '../src/output/exit-codes.ts';
import { printed } from './printed.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SETTINGS = `organization:
  id: o-abcdefghij
  masterAccountId: '999988887777'
  externalId: not-a-password
  homeRegion: eu-west-1
  regions: [eu-west-1]
accounts:
  - id: '111122223333'
    name: team-a
    groups: [production]
rules:
  S3_ENABLE_VERSIONING:
    mode: auto
    groups:
      production: { mode: approve }
  IAM_SET_PASSWORD_MIN_LENGTH:
    parameters: { minimumPasswordLength: 16 }
`;

const folderWith = async (settings: string) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'compliance.yaml'), settings);
  return folder;
};

const check = async (settings: string) => {
  const file = join(await folderWith(settings), 'compliance.yaml');
  return printed(() => checkSettings({ settings: file }));
};

describe('settings check', () => {
  test('settings check accepts a valid file', async () => {
    await expect(check(SETTINGS)).resolves.toContain('Valid: 1 accounts');
  });

  test.each([
    [
      'an unknown key, with its line and a suggestion',
      'groups: [p',
      'grops: [p',
      /:10:\d+: accounts\.0\.grops: unknown key - did you mean 'groups'\?/,
    ],
    [
      'an unknown rule, with its line and a suggestion',
      '  S3_ENABLE_V',
      '  S3_ENABEL_V',
      /:12:\d+: rules\.S3_ENABEL_VERSIONING: unknown rule S3_ENABEL_VERSIONING - did you mean 'S3_ENABLE_VERSIONING'\?/,
    ],
    [
      'an unknown parameter, with its line and the nearest name',
      'minimumPasswordLength',
      'minimumPasswordLenght',
      /:17:19: rules\.IAM_SET_PASSWORD_MIN_LENGTH\.parameters\.minimumPasswordLenght: unknown parameter 'minimumPasswordLenght' - did you mean 'minimumPasswordLength'\?/,
    ],
    ['a parameter of the wrong type', ': 16', ': sixteen', /minimumPasswordLength/],
    [
      'an unknown mode, with the known ones',
      'mode: auto',
      'mode: atuo',
      /:13:\d+: rules\.S3_ENABLE_VERSIONING\.mode: must be off, observe, plan, approve or auto - did you mean 'auto'\?/,
    ],
    ['a group without accounts', 'production:', 'staging:', /no account is in group 'staging'/],
    [
      'a misspelt group, with the nearest',
      'production:',
      'prodution:',
      /no account is in group 'prodution' - did you mean 'production'\?/,
    ],
    [
      'a Region in capitals, with the nearest',
      'homeRegion: eu-west-1',
      'homeRegion: EU-WEST-1',
      /:5:3: organization\.homeRegion: 'EU-WEST-1' is not an AWS Region - did you mean 'eu-west-1'\?/,
    ],
    ['an empty file', /[^]*/, '', /compliance\.yaml:1:1: must be a set of keys, not empty/],
    ['an account id of eleven digits', "'111122223333'", "'11112222333'", /12 digits/],
    [
      'an account id without quotes',
      "'111122223333'",
      '012345670123',
      /:8:5: accounts\.0\.id: put account ids in quotes: '012345670123'/,
    ],
    ['a number as a name', 'name: team-a', 'name: 7', /accounts\.0\.name: must be text, not the number 7/],
    [
      'an external id that AWS refuses',
      'not-a-password',
      'my secret id',
      /:4:3: organization\.externalId: AWS accepts letters of English, digits and _\+=,\.@:\/- in an external id/,
    ],
    [
      'the external id of the example',
      'not-a-password',
      'change-me-to-some-random-text',
      /:4:3: organization\.externalId: is still the placeholder .* uuidgen/,
    ],
    [
      'a Region that cannot exist',
      'regions: [eu-west-1]',
      'regions: [eu-west-1, eu-wst-1]',
      /:6:24: organization\.regions\.1: 'eu-wst-1' is not an AWS Region - did you mean 'eu-west-1'\?/,
    ],
    [
      'Regions of two partitions',
      'regions: [eu-west-1]',
      'regions: [eu-west-1, us-gov-west-1]',
      /:6:24: organization\.regions\.1: us-gov-west-1 is in partition aws-us-gov/,
    ],
    ['invalid YAML, with its line', 'accounts:\n', 'accounts: [\n', /compliance\.yaml:\d+:\d+/],
  ])('settings check reports %s', async (_, from, to, message) => {
    await expect(check(SETTINGS.replace(from, to))).rejects.toThrow(message);
  });

  test('settings check accepts a Region that this release does not know, with a warning', async () => {
    const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(check(SETTINGS.replace('[eu-west-1]', '[eu-west-1, eu-west-9]'))).resolves.toContain(
      'Valid',
    );
    expect(warned.mock.calls.join()).toMatch(
      /^warning: .*:6:24: organization\.regions\.1: this release does not know the Region eu-west-9/,
    );
  });

  test('settings check lists the fixes that lack a parameter, with the accounts', async () => {
    const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(check(SETTINGS)).resolves.toContain('Valid');
    const said = warned.mock.calls.join();
    expect(said).toMatch(/^These fixes lack parameters, so a person must fix .+:$/m);
    expect(said).toMatch(/^ {2}CLOUDTRAIL_ENCRYPT_LOGS +no kmsKeyArn in 111122223333 \(team-a\)$/m);
    expect(said).not.toContain('S3_ENABLE_VERSIONING');
  });
  test('settings check says nothing of fixes when none lacks a parameter', async () => {
    const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(check(`${SETTINGS}defaults: { mode: observe }\n`)).resolves.toContain('Valid');
    expect(warned.mock.calls.join()).not.toContain('lack parameters');
  });

  test.each(['eusc-de-east-1', 'us-iso-east-1', 'us-gov-west-1', 'cn-north-1'])(
    'settings check accepts the Region %s',
    async (region) => {
      await expect(check(SETTINGS.replaceAll('eu-west-1', region))).resolves.toContain('Valid');
    },
  );

  const withAccounts = (count: number) =>
    SETTINGS.replace(
      /accounts:[^]*?groups: \[production\]\n/,
      `accounts:\n${Array.from({ length: count }, (_, index) => `  - { id: '${100_000_000_000 + index}', name: a${index}, groups: [production] }\n`).join('')}`,
    );

  test('settings check reports a wrong parameter of 300 accounts once', async () => {
    const settings = withAccounts(300)
      .replace(': 16', ': sixteen')
      .replace('regions:', 'invokePermission: any-account\n  regions:');
    const message = await check(settings).catch(String);
    expect(message.match(/minimumPasswordLength/g)).toHaveLength(1);
    expect(message.length).toBeLessThan(300);
  });

  test('settings check names the 74th account, with its line', async () => {
    await expect(check(withAccounts(80))).rejects.toThrow(
      /:81:5: accounts\.73: account 100000000073 \(a73\) does not fit: .* organization\.invokePermission to any-account/,
    );
  });
});

describe('the example', () => {
  const readExample = async () =>
    parseSettings(
      parse(await readFile(new URL('../../../compliance.example.yaml', import.meta.url), 'utf8')),
    );

  test('the example turns on a starter set, and nothing of it may change anything', async () => {
    const settings = await readExample();
    const on = enabledRules(await loadAllRules(), settings);
    expect(on.map(({ command }) => command)).toEqual(Object.keys(settings.rules).toSorted());
    for (const rule of on)
      for (const account of settings.accounts) expect(modeIn(settings, account, rule)).toBe('plan');
  });
  test('no fix of the starter set lacks a parameter', async () => {
    expect(settingsNotices(await readExample(), await loadAllRules())).toEqual([]);
  });
});

describe('settings explain', () => {
  const explain = async (account: string, rule: string) => {
    const settings = join(await folderWith(SETTINGS), 'compliance.yaml');
    return printed(() => explainSettings(account, rule, { settings }));
  };

  test('settings explain prints the mode and parameters that apply, and the line of each', async () => {
    expect(await explain('111122223333', 'S3_ENABLE_VERSIONING')).toMatch(
      /mode: approve {2}\(.*yaml:15:21\)/,
    );
    const minimum = await explain('111122223333', 'IAM_SET_PASSWORD_MIN_LENGTH');
    expect(minimum).toContain('mode: plan  (built-in default)');
    expect(minimum).toMatch(/minimumPasswordLength: 16 {2}\(.*yaml:17:19\)/);
  });

  test('settings explain says of a rule that no selected framework asks for that it is off, and the line', async () => {
    const settings = join(await folderWith(`${SETTINGS}frameworks: [{ id: cis-7.0 }]\n`), 'compliance.yaml');
    const said = await printed(() => explainSettings('111122223333', 'S3_ENABLE_VERSIONING', { settings }));
    expect(said).toMatch(/mode: off {2}\(.*compliance\.yaml:18:1, none of which asks for this rule\)/);
  });
  test('settings explain refuses an account that is not listed', async () => {
    await expect(explain('444455556666', 'S3_ENABLE_VERSIONING')).rejects.toThrow(UsageError);
  });
});

test('settings schema prints a JSON schema for completion in editors', async () => {
  const schema: unknown = JSON.parse(await printed(() => Promise.resolve(printSchema())));
  expect(schema).toMatchObject({ type: 'object', properties: { accounts: { type: 'array' } } });
});
