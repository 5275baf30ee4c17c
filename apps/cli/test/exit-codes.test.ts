import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createProgram, leavesOf } from '../src/create-program.ts';
import { COMMAND_ENDS, describeExitCodes } from '../src/output/exit-codes.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const leaves = leavesOf(createProgram()).filter(([path]) => path !== 'complete');
const paths = leaves.map(([path]) => path);

test('the table of exit codes has every command', () => {
  expect(Object.keys(COMMAND_ENDS).toSorted()).toEqual(paths.toSorted());
});

test('docs/cli.md has the table of exit codes', async () => {
  const docs = await readFile(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
  const rows = docs
    .split('\n')
    .flatMap((line) => [/^\| `([a-z -]+)` +\| (.*?) +\| (.*?) +\| (.*?) +\|$/.exec(line) ?? []])
    .filter(([, path]) => path !== undefined && paths.includes(path))
    .map(([, ...cells]) => cells);
  expect(rows).toEqual(
    Object.entries(COMMAND_ENDS).map(([path, ends]) => [
      path,
      ends[1] ?? '-',
      ends[3] ?? '-',
      ends[4] ?? '-',
    ]),
  );
});

test.each(leaves)('the help of %s has its exit codes', (path, command) => {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  expect(help.replaceAll(/\s+/g, ' ')).toContain(`Exit codes: ${describeExitCodes(COMMAND_ENDS[path])}.`);
});

test.each(paths)('%s with an unknown option exits with 2 and one line', async (path) => {
  const { code, stdout, stderr } = await runCli([...path.split(' '), '--no-such-option']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^error: (unknown option '--no-such-option'|required option '.*' not specified)\n/);
});

/** What a command needs before it asks AWS for something. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  dashboard: ['s3://example-bucket/dashboard', '--region', 'eu-west-1'],
  evaluate: ['--event', 'event.json'],
  remediate: ['--rule', 'S3_ENABLE_VERSIONING', '--resource', 'logs'],
  'plans show': ['plan-0123456789abcdef'],
  approve: ['plan-0123456789abcdef'],
  apply: ['plan-0123456789abcdef'],
  reject: ['plan-0123456789abcdef'],
  undo: ['change-0123456789abcdef'],
  'changes show': ['change-0123456789abcdef'],
  'ledger show': ['change-0123456789abcdef'],
  'state build': ['--out', 'data'],
};

const SETTINGS = JSON.stringify({
  organization: {
    masterAccountId: '999988887777',
    externalId: 'not-a-secret',
    homeRegion: 'eu-west-1',
    regions: ['eu-west-1'],
  },
  accounts: [{ id: '111122223333', name: 'production' }],
});

// The simulated organization starts by itself.
const asking = paths.filter((path) => COMMAND_ENDS[path]?.[3] !== undefined && path !== 'demo');

test.each(asking)('%s exits with 3 when AWS cannot be reached', async (path) => {
  const cwd = await temporaryFolder({ 'compliance.yaml': SETTINGS, 'event.json': EVENT });
  const env = {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  };
  const { code, stderr } = await runCli([...path.split(' '), ...(ARGUMENTS[path] ?? [])], { cwd, env });
  expect(stderr).toMatch(/^error: No AWS at http:\/\/127\.0\.0\.1:1: the connection is refused\.|^$/);
  expect(code).toBe(3);
});

const EVENT = JSON.stringify({
  version: '1.0',
  accountId: '111122223333',
  configRuleArn: 'arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-abcdef',
  configRuleName: 's3-enable-versioning',
  configRuleId: 'config-rule-abcdef',
  executionRoleArn: 'arn:aws:iam::111122223333:role/config',
  eventLeftScope: false,
  resultToken: 'token',
  ruleParameters: JSON.stringify({ ComplianceCommand: 'S3_ENABLE_VERSIONING' }),
  invokingEvent: JSON.stringify({
    messageType: 'ScheduledNotification',
    notificationCreationTime: '2026-11-20T10:15:31.000Z',
    awsAccountId: '111122223333',
    recordVersion: '1.0',
  }),
});

test('settings explain of an account that is not listed exits with 2, as other invalid input does', async () => {
  const cwd = await temporaryFolder({ 'compliance.yaml': SETTINGS });
  const { code, stderr } = await runCli(['settings', 'explain', '444455556666', 'S3_ENABLE_VERSIONING'], {
    cwd,
  });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      'error: Account 444455556666 is not in compliance.yaml, so nothing is done there. If it is yours, add it.\n',
  });
});

test('exemptions expiring --exit-code exits with 1 if there are any', async () => {
  const answerable = { reason: 'r', owner: 'o', approver: 'a', ticket: 't', expires: '2020-01-01' };
  const exemptions = [{ id: 'EX-1', commands: ['S3_ENABLE_VERSIONING'], ...answerable }];
  const cwd = await temporaryFolder({ 'exemptions.yaml': JSON.stringify({ exemptions }) });
  expect((await runCli(['exemptions', 'expiring', '--exit-code'], { cwd })).code).toBe(1);
  expect((await runCli(['exemptions', 'expiring'], { cwd })).code).toBe(0);
});
