import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';

import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('help', () => {
  test.each([
    ['the program', ['--help']],
    ['rules list', ['rules', 'list', '--help']],
    ['rules show', ['rules', 'show', '--help']],
    ['scan', ['scan', '--help']],
    ['evaluate', ['evaluate', '--help']],
    ['remediate', ['remediate', '--help']],
    ['changes list', ['changes', 'list', '--help']],
    ['changes show', ['changes', 'show', '--help']],
  ])('of %s shows an example', async (_, args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Example:\n {2}\$ compliance /);
  });
});

describe('wrong usage is exit code 2 and one line', () => {
  test.each([
    ['an unknown command', ['scann'], /unknown command 'scann'/],
    ['an unknown option', ['scan', '--nope'], /unknown option '--nope'/],
    ['a missing option', ['evaluate'], /required option '-e, --event <file>' not specified/],
    ['a Region that is none', ['scan', '--region', 'Ireland'], /It is not an AWS Region/],
    ['a format that is none', ['scan', '--format', 'xml'], /Allowed choices are table, json, csv, html/],
    ['an unknown rule', ['rules', 'show', 'NOPE'], /^error: Unknown ComplianceCommand 'NOPE'\. Known: .*S3_/],
    ['days that are none', ['changes', 'list', '--days', '0'], /It is not a number of days, 1 or more/],
    ['an account id that is none', ['changes', 'list', '--account', '42'], /not an account id: 12 digits/],
    ['an outcome that is none', ['changes', 'list', '--status', 'open'], /Allowed choices are fixed, /],
    [
      'changes by a rule that is none',
      ['changes', 'list', '--rule', 'S3_ENABLE_VERSIONIN'],
      /There is no rule S3_ENABLE_VERSIONIN - did you mean 'S3_ENABLE_VERSIONING'\? 'compliance rules list'/,
    ],
    [
      'a change id that is none',
      ['changes', 'show', 'plan-1'],
      /'plan-1' is no change id: it looks like change-/,
    ],
    ['a file that is not there', ['evaluate', '--event', 'none.json'], /^error: none\.json cannot be read/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(args, { cwd: await temporaryFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });

  test('an event that is no JSON', async () => {
    const cwd = await temporaryFolder({ 'event.json': '{"accountId":' });
    const { code, stderr } = await runCli(['evaluate', '--event', 'event.json'], { cwd });
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: event\.json is not JSON: .+\n$/),
    });
  });

  test.each([
    ['evaluate', /^error: This is no event of an AWS Config rule: .*accountId.*\n$/],
    ['remediate', /^error: This is no payload of the remediation document: .*complianceCommand.*\n$/],
  ])('an event that %s cannot read', async (command, message) => {
    const cwd = await temporaryFolder({ 'event.json': '{}' });
    const { code, stderr } = await runCli([command, '--event', 'event.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('mistakes in compliance.yaml are named with their line', () => {
  const SETTINGS = [
    'organization:',
    '  masterAccountId: "111122223333"',
    '  externalId: not-a-secret',
    '  homeRegion: eu-west-1',
    '  regions: [eu-west-1]',
    'accounts:',
    '  - id: 111122223333',
    '    name: production',
    '',
  ].join('\n');

  test.each([
    ['what is no YAML', `${SETTINGS}defaults: [`, /^error: compliance\.yaml:9:\d+: /],
    ['what has the wrong type', SETTINGS, /^error: compliance\.yaml:7:5: accounts\.0\.id: .*expected string/],
    ['what is missing', 'accounts: []\n', /compliance\.yaml:1:1: organization: .*required|expected object/],
    [
      'what does not belong there',
      SETTINGS.replace('externalId', 'externalID'),
      /compliance\.yaml:3:3: organization\.externalID: unknown key - did you mean 'externalId'/,
    ],
  ])('%s', async (_, settings, message) => {
    const cwd = await temporaryFolder({ 'compliance.yaml': settings });
    const { code, stderr } = await runCli(['scan'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('without access', () => {
  test('no credentials is exit code 3 and says what would help', async () => {
    const { code, stderr } = await runCli(['scan'], { cwd: await temporaryFolder() });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: No usable AWS credentials: .* Set AWS_PROFILE or .*\n$/);
  });

  test('no Region is a mistake of usage', async () => {
    const { code, stderr } = await runCli(['scan'], {
      cwd: await temporaryFolder(),
      env: { AWS_REGION: '' },
    });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: No Region: give --region, or set AWS_REGION.\n',
    });
  });

  test('an interrupted scan ends as programs do', async () => {
    const silent = createServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const controller = new AbortController();
    silent.once('connection', () => controller.abort());
    const env = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    const cwd = await temporaryFolder();
    const { signal, stderr } = await runCli(['scan'], { cwd, env, interrupt: controller.signal });
    silent.close();
    expect({ signal, stderr }).toEqual({ signal: 'SIGINT', stderr: '' });
  });

  test('--debug shows where it happened', async () => {
    const { stderr } = await runCli(['--debug', 'scan'], { cwd: await temporaryFolder() });
    expect(stderr).toMatch(/\n {4}at .*open-account\.ts/);
  });
});

describe('rules', () => {
  test('list has a line for each rule', async () => {
    const { code, stdout } = await runCli(['rules', 'list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^S3_ENABLE_VERSIONING +low +S3 buckets keep object versions$/m);
  });

  test('show tells parameters with their defaults, permissions and the undo', async () => {
    const { stdout } = await runCli(['rules', 'show', 'IAM_SET_PASSWORD_MIN_LENGTH', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'IAM_SET_PASSWORD_MIN_LENGTH',
      deploy: 'home-region',
      parameters: { minimumPasswordLength: { default: 14, type: 'integer' } },
      permissions: { fix: ['iam:UpdateAccountPasswordPolicy'] },
      undo: ['the inverse edit of iam/password-policy'],
    });
    const { stdout: text } = await runCli(['rules', 'show', 'IAM_SET_PASSWORD_MIN_LENGTH']);
    expect(text).toContain('minimumPasswordLength = 14');
  });
});
