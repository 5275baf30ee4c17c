import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { parse } from 'yaml';

import {
  addExemption,
  checkExemptions,
  listExemptions,
  type AddFlags,
} from '../src/commands/exemptions/run.ts';
import { printed } from './printed.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ENTRY = { reason: 'Rewritten nightly', owner: 'data', approver: 'security', ticket: 'SEC-12' };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const add = async (file: string, what: Partial<AddFlags>) =>
  printed(() => addExemption({ ...ENTRY, id: 'nightly', expires: inDays(20), file, ...what }));

test('exemptions add writes a valid entry and keeps the rest of the file', async () => {
  const file = join(
    await temporaryFolder({ 'exemptions.yaml': '# Reviewed\nexemptions: []\n' }),
    'exemptions.yaml',
  );
  await add(file, { resource: ['uploads-*'], rule: ['S3_ENABLE_VERSIONING'] });
  expect(await readFile(file, 'utf8')).toMatch(/^# Reviewed\n[\s\S]*uploads-\*/);
  await expect(printed(() => checkExemptions({ file }))).resolves.toBe('Valid: 1 exemptions.\n');
  await expect(printed(() => listExemptions({ file }, 30))).resolves.toContain('nightly');
  await expect(printed(() => listExemptions({ file }, 5))).resolves.toBe('No exemptions.\n');
});

test.each([
  ['an exemption of everything', {}, /would exempt everything/],
  [
    'an exemption that expires too late',
    { resource: ['x'], expires: inDays(900) },
    /more than the allowed 365 days/,
  ],
  [
    'an exemption of an unknown rule',
    { rule: ['S3_ENABLE_VERSIONIN'] },
    /did you mean 'S3_ENABLE_VERSIONING'/,
  ],
  ['an exemption with an invalid date', { resource: ['x'], expires: 'soon' }, /expires/],
])('exemptions add refuses %s and writes no file', async (_, what, message) => {
  const file = join(await temporaryFolder(), 'exemptions.yaml');
  await expect(add(file, what)).rejects.toThrow(message);
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['--rule', ['--rule', 'S3_ENABLE_VERSIONING', 'VPC_ENABLE_FLOW_LOGS']],
  ['its former name --command', ['--command', 'S3_ENABLE_VERSIONING', 'VPC_ENABLE_FLOW_LOGS']],
  ['both names', ['--rule', 'S3_ENABLE_VERSIONING', '--command', 'VPC_ENABLE_FLOW_LOGS']],
])('exemptions add takes rules from %s', async (_, rules) => {
  const cwd = await temporaryFolder();
  const required = Object.entries({ ...ENTRY, id: 'nightly', expires: inDays(20) });
  const options = required.flatMap(([name, value]) => [`--${name}`, value]);
  const { code, stderr } = await runCli(['exemptions', 'add', ...options, ...rules], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(parse(await readFile(join(cwd, 'exemptions.yaml'), 'utf8'))).toMatchObject({
    exemptions: [{ commands: ['S3_ENABLE_VERSIONING', 'VPC_ENABLE_FLOW_LOGS'] }],
  });
});

test('the help of exemptions add shows --rule and not its former name', async () => {
  const { stdout } = await runCli(['exemptions', 'add', '--help']);
  expect(stdout).toContain('--rule <id...>');
  expect(stdout).not.toContain('--command');
});

test('exemptions expiring exits with 1 only for exemptions that expire in time, and only on request', async () => {
  const soon = new Date(Date.now() + 7 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  const cwd = await temporaryFolder({
    'exemptions.yaml': `exemptions:
  - { id: a, resources: [b], reason: c, owner: d, approver: e, ticket: f, expires: ${soon} }
`,
  });
  const codeOf = async (...more: readonly string[]) =>
    (await runCli(['exemptions', 'expiring', ...more], { cwd })).code;
  expect(await codeOf('--days', '30')).toBe(0);
  expect(await codeOf('--days', '30', '--exit-code')).toBe(1);
  expect(await codeOf('--days', '3', '--exit-code')).toBe(0);
});

const SETTINGS = `organization:
  masterAccountId: '999988887777'
  externalId: example
  homeRegion: eu-west-1
  regions: [eu-west-1]
accounts:
  - { id: '111122223333', name: prod, ou: Root/Workloads/Prod }
`;

/** Runs the check over one exemption for each set of matchers. */
const check = async (matchers: readonly string[], files: Readonly<Record<string, string>> = {}) => {
  const fields = Object.entries({ ...ENTRY, expires: inDays(20) }).map(
    ([name, value]) => `${name}: '${value}'`,
  );
  const entries = matchers.map((one, index) => `  - { id: EX-${index}, ${fields.join(', ')}, ${one} }\n`);
  const cwd = await temporaryFolder({ ...files, 'exemptions.yaml': `exemptions:\n${entries.join('')}` });
  return runCli(['exemptions', 'check'], { cwd });
};

const WRONG = [
  [
    "accounts: ['111122223334']",
    "account 111122223334 is not in the settings - did you mean '111122223333'?",
  ],
  ['controls: [cis-7/4.1]', "no rule judges control cis-7/4.1 - did you mean 'cis-7.0/4.1'?"],
  [
    'controls: [cis-7.0/4.1], regions: [eu-west-9]',
    "Region eu-west-9 is not in the settings - did you mean 'eu-west-1'?",
  ],
  ['ous: [Root/Work]', 'no account of the settings is in OU Root/Work'],
  ['ous: [Root/Workloads/Test]', "OU Root/Workloads/Test - did you mean 'Root/Workloads/Prod'?"],
  [
    'commands: [S3_ENABLE_VERSIONIN]',
    "unknown rule S3_ENABLE_VERSIONIN - did you mean 'S3_ENABLE_VERSIONING'?",
  ],
  ["commands: ['S3_*']", 'no rule matches S3_*'],
  ["resources: ['arn:aws:iam::111122223334:user/x']", 'account 111122223334 is not in the settings'],
  ["resources: ['arn:aws:ec2:eu-west-9:111122223333:vpc/*']", 'Region eu-west-9 is not in the settings'],
  [
    "tags: { Name: '*legacy*' }",
    'EX-9 reaches every account by a tag that any account can set: name accounts or ous',
  ],
  ["tags: { Name: '*legacy*' }, resources: ['logs-*']", 'EX-10 reaches every account by a tag'],
] as const;

test('exemptions check names every reference that leads nowhere, with its line', async () => {
  const matchers = WRONG.map(([one]) => one);
  const { code, stdout, stderr } = await check(matchers, { 'compliance.yaml': SETTINGS });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const mistakes = stderr.split('; ');
  expect(mistakes).toHaveLength(WRONG.length);
  for (const [index, [, message]] of WRONG.entries()) {
    expect(mistakes[index]).toContain(`exemptions.yaml:${index + 2}:`);
    expect(mistakes[index]).toContain(message);
  }
});

test('exemptions check finds exemptions valid whose references exist', async () => {
  const right = [
    "tags: { Name: '*legacy*' }, ous: [Root/Workloads]",
    "tags: { Name: '*legacy*' }, accounts: ['111122223333'], regions: [eu-west-1]",
    "resources: ['arn:aws:s3:::logs-*', 'arn:aws:ec2:*:111122223333:vpc/*'], controls: [cis-7.0/4.1]",
  ];
  await expect(check(right, { 'compliance.yaml': SETTINGS })).resolves.toMatchObject({
    code: 0,
    stdout: 'Valid: 3 exemptions.\n',
    stderr: '',
  });
});

test('exemptions check says what it could not check without settings', async () => {
  await expect(check(["accounts: ['111122223334']"])).resolves.toMatchObject({
    code: 0,
    stderr: 'Accounts, OUs and Regions were not checked: there is no ./compliance.yaml.\n',
  });
});
