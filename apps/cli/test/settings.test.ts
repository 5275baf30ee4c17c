import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { checkSettings, explainSettings, printSchema } from '../src/commands/settings/run.ts';
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
      /:12:\d+: unknown rule S3_ENABEL_VERSIONING - did you mean 'S3_ENABLE_VERSIONING'\?/,
    ],
    ['an unknown parameter', 'minimumPasswordLength', 'minimumLength', /Unrecognized key: "minimumLength"/],
    ['a parameter of the wrong type', ': 16', ': sixteen', /minimumPasswordLength/],
    ['an unknown mode', 'mode: auto', 'mode: automatic', /:13:\d+: rules\.S3_ENABLE_VERSIONING\.mode/],
    ['a group without accounts', 'production:', 'staging:', /no account is in group 'staging'/],
    ['an account id of eleven digits', "'111122223333'", "'11112222333'", /12 digits/],
    ['invalid YAML, with its line', 'accounts:\n', 'accounts: [\n', /compliance\.yaml:\d+:\d+/],
  ])('settings check reports %s', async (_, from, to, message) => {
    await expect(check(SETTINGS.replace(from, to))).rejects.toThrow(message);
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

  test('settings explain refuses an account that is not listed', async () => {
    await expect(explain('444455556666', 'S3_ENABLE_VERSIONING')).rejects.toThrow(/is not in the settings/);
  });
});

test('settings schema prints a JSON schema for completion in editors', async () => {
  const schema: unknown = JSON.parse(await printed(() => Promise.resolve(printSchema())));
  expect(schema).toMatchObject({ type: 'object', properties: { accounts: { type: 'array' } } });
});
