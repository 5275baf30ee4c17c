import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import {
  addExemption,
  checkExemptions,
  listExemptions,
  type AddFlags,
} from '../src/commands/exemptions/run.ts';
import { checkSettings, explainSettings, printSchema } from '../src/commands/settings/run.ts';
import { runCli } from './run-cli.ts';
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

/** What a function of a command prints; in this process, because most of a process's time is its start. */
const printed = async (work: () => Promise<unknown>): Promise<string> => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await work();
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
};

const check = async (settings: string) => {
  const file = join(await folderWith(settings), 'compliance.yaml');
  return printed(() => checkSettings({ settings: file }));
};

describe('settings check', () => {
  test('a valid file is valid', async () => {
    await expect(check(SETTINGS)).resolves.toContain('Valid: 1 accounts');
  });

  test.each([
    [
      'an unknown key is named with its line and the nearest known one',
      'groups: [p',
      'grops: [p',
      /:10:\d+: accounts\.0\.grops: unknown key - did you mean 'groups'\?/,
    ],
    [
      'an unknown rule is named with its line and the nearest known one',
      '  S3_ENABLE_V',
      '  S3_ENABEL_V',
      /:12:\d+: there is no rule S3_ENABEL_VERSIONING - did you mean 'S3_ENABLE_VERSIONING'\?/,
    ],
    [
      'an unknown parameter is not ignored',
      'minimumPasswordLength',
      'minimumLength',
      /Unrecognized key: "minimumLength"/,
    ],
    ['a parameter of the wrong type is named', ': 16', ': sixteen', /minimumPasswordLength/],
    [
      'an unknown mode is named',
      'mode: auto',
      'mode: automatic',
      /:13:\d+: rules\.S3_ENABLE_VERSIONING\.mode/,
    ],
    ['a group that no account is in is named', 'production:', 'staging:', /no account is in group 'staging'/],
    ['an account id of eleven digits is named', "'111122223333'", "'11112222333'", /12 digits/],
    ['broken YAML is named with its line', 'accounts:\n', 'accounts: [\n', /compliance\.yaml:\d+:\d+/],
  ])('%s', async (_, from, to, message) => {
    await expect(check(SETTINGS.replace(from, to))).rejects.toThrow(message);
  });
});

describe('settings explain', () => {
  const explain = async (account: string, rule: string) => {
    const settings = join(await folderWith(SETTINGS), 'compliance.yaml');
    return printed(() => explainSettings(account, rule, { settings }));
  };

  test('says the mode and parameters that apply, and from which line', async () => {
    expect(await explain('111122223333', 'S3_ENABLE_VERSIONING')).toMatch(
      /mode: approve {2}\(.*yaml:15:21\)/,
    );
    const minimum = await explain('111122223333', 'IAM_SET_PASSWORD_MIN_LENGTH');
    expect(minimum).toContain('mode: plan  (built-in default)');
    expect(minimum).toMatch(/minimumPasswordLength: 16 {2}\(.*yaml:17:19\)/);
  });

  test('an account that is not listed is refused', async () => {
    await expect(explain('444455556666', 'S3_ENABLE_VERSIONING')).rejects.toThrow(/is not in the settings/);
  });
});

test('settings schema is a JSON schema that an editor can complete from', async () => {
  const schema: unknown = JSON.parse(await printed(() => Promise.resolve(printSchema())));
  expect(schema).toMatchObject({ type: 'object', properties: { accounts: { type: 'array' } } });
});

describe('exemptions', () => {
  const ENTRY = { reason: 'Rewritten nightly', owner: 'data', approver: 'security', ticket: 'SEC-12' };
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  const add = async (file: string, what: Partial<AddFlags>) =>
    printed(() => addExemption({ ...ENTRY, id: 'nightly', expires: inDays(20), file, ...what }));

  test('add writes a valid entry and keeps what the file says', async () => {
    const file = join(
      await temporaryFolder({ 'exemptions.yaml': '# Reviewed\nexemptions: []\n' }),
      'exemptions.yaml',
    );
    await add(file, { resource: ['uploads-*'], command: ['S3_ENABLE_VERSIONING'] });
    expect(await readFile(file, 'utf8')).toMatch(/^# Reviewed\n[\s\S]*uploads-\*/);
    await expect(printed(() => checkExemptions({ file }))).resolves.toBe('Valid: 1 exemptions.\n');
    await expect(printed(() => listExemptions({ file }, 30))).resolves.toContain('nightly');
    await expect(printed(() => listExemptions({ file }, 5))).resolves.toBe('None.\n');
  });

  test.each([
    ['one that would exempt everything', {}, /would exempt everything/],
    ['one that ends too far away', { resource: ['x'], expires: inDays(900) }, /more than the 365 days/],
    ['one of an unknown rule', { command: ['S3_ENABLE_VERSIONIN'] }, /did you mean 'S3_ENABLE_VERSIONING'/],
    ['one without a real date', { resource: ['x'], expires: 'soon' }, /expires/],
  ])('%s is refused, and no file written', async (_, what, message) => {
    const file = join(await temporaryFolder(), 'exemptions.yaml');
    await expect(add(file, what)).rejects.toThrow(message);
    expect(existsSync(file)).toBe(false);
  });
});

test('a decision refuses what is no id before asking anybody, with the exit code of wrong usage', async () => {
  const { code, stderr } = await runCli(['approve', 'plan-x']);
  expect(stderr).toBe("error: 'plan-x' is no plan id: it looks like plan-0123456789abcdef.\n");
  expect(code).toBe(2);
});
