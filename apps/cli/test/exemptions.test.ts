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
