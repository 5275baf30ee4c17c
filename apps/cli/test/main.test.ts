import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('help', () => {
  test.each([
    ['the program', ['--help']],
    ['rules list', ['rules', 'list', '--help']],
    ['rules show', ['rules', 'show', '--help']],
    ['frameworks list', ['frameworks', 'list', '--help']],
    ['frameworks show', ['frameworks', 'show', '--help']],
    ['scan', ['scan', '--help']],
    ['evaluate', ['evaluate', '--help']],
    ['remediate', ['remediate', '--help']],
    ['changes list', ['changes', 'list', '--help']],
    ['changes show', ['changes', 'show', '--help']],
  ])('the help of %s shows an example', async (_, args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Examples?:\n {2}\$ compliance /);
  });
});

describe('invalid usage', () => {
  test.each([
    ['an unknown command', ['scann'], /unknown command 'scann'/],
    ['an unknown option', ['scan', '--nope'], /unknown option '--nope'/],
    ['a missing option', ['evaluate'], /required option '-e, --event <file>' not specified/],
    [
      'an invalid Region',
      ['scan', '--region', 'Ireland'],
      /^error: Invalid Region: 'Ireland'\. Expected an AWS Region, such as eu-west-1/,
    ],
    ['an unknown format', ['scan', '--format', 'xml'], /Allowed choices are table, json, ndjson, csv, html/],
    [
      'a baseline with which nothing fails',
      ['scan', '--new-since', 'baseline.ndjson'],
      /^error: --new-since is of --fail-on\./,
    ],
    [
      'an aggregator of a scan that asks none',
      ['scan', '--organization', '--aggregator', 'all', '--source', 'both'],
      /^error: --aggregator is of --source config\./,
    ],
    ['an unknown rule', ['rules', 'show', 'NOPE'], /^error: Unknown rule: 'NOPE'\. List rules with/],
    [
      'an unknown framework',
      ['frameworks', 'show', 'cis-70'],
      /^error: Unknown framework: 'cis-70'\. The nearest are cis-7\.0, .+\. List frameworks with `compliance /,
    ],
    ['an unknown level', ['frameworks', 'show', 'cis-7.0', '--level', '3'], /Allowed choices are 1, 2/],
    ['an invalid number of days', ['changes', 'list', '--days', '0'], /Expected a number of days, 1 or more/],
    ['an invalid account id', ['changes', 'list', '--account', '42'], /Expected an account id of 12 digits/],
    ['an unknown outcome', ['changes', 'list', '--status', 'open'], /Allowed choices are fixed, /],
    [
      'an unknown rule of changes',
      ['changes', 'list', '--rule', 'S3_ENABLE_VERSIONIN'],
      /Unknown rule: 'S3_ENABLE_VERSIONIN' - did you mean 'S3_ENABLE_VERSIONING'\? List rules with/,
    ],
    [
      'an invalid change id',
      ['changes', 'show', 'plan-1'],
      /Invalid change id: 'plan-1'\. Use an id such as change-/,
    ],
    [
      'an invalid plan id',
      ['approve', 'plan-x'],
      /^error: Invalid plan id: 'plan-x'\. Use an id such as plan-0123456789abcdef\.\n$/,
    ],
    [
      'an invalid account of plans',
      ['plans', 'list', '--account', '999'],
      /Expected an account id of 12 digits/,
    ],
    ['an unknown rule of plans', ['plans', 'list', '-r', 'NOPE'], /^error: Unknown rule: 'NOPE'/],
    [
      'an unknown risk',
      ['plans', 'list', '--risk', 'none'],
      /Allowed choices are safe, disruptive, irreversible/,
    ],
    [
      'a decision about nothing',
      ['approve'],
      /^error: Nothing is selected to approve\. Give a plan id, or select/,
    ],
    [
      'a decision about one plan and many',
      ['reject', 'plan-0123456789abcdef', '--risk', 'safe'],
      /^error: Name either a plan or what to select by, not both\./,
    ],
    ['an unknown rule of a decision', ['approve', '--rule', 'NOPE'], /^error: Unknown rule: 'NOPE'/],
    ['a resource without its rule', ['remediate'], /^error: No resource to fix\. Use --rule and --resource/],
    [
      'a payload and a resource',
      ['remediate', '--event', 'event.json', '--rule', 'S3_ENABLE_VERSIONING'],
      /'-e, --event <file>' cannot be used with option '-r, --rule <id>'/,
    ],
    [
      'an output in a folder that does not exist',
      ['scan', '-o', '/nonexistent/x'],
      /^error: Cannot write \/nonexistent\/x: .*no such file or directory/,
    ],
    [
      'an output that is a folder',
      ['scan', '-o', '.'],
      /^error: Cannot write \.: it is a folder\. Name a file\./,
    ],
    ['a level without a framework', ['scan', '--level', '1'], /^error: --level is of a framework\./],
    [
      'a framework that does not exist',
      ['scan', '--framework', 'cis-70'],
      /^error: Unknown framework: 'cis-70'\. The nearest are cis-7\.0/,
    ],
    [
      'a selection of no rule',
      ['scan', '--rule', 'S3_ENABLE_VERSIONING', '--severity', 'critical'],
      /^error: No rule has all that the options ask for\./,
    ],
    [
      'a reason that AWS has no room for',
      ['stop-switch', 'on', '--reason', 'x'.repeat(901)],
      /^error: option '--reason <text>' argument 'x+' is invalid\. Use 900 characters at most\./,
    ],
    [
      'days that are no number',
      ['exemptions', 'expiring', '--days', ''],
      /'--days <n>' argument '' is invalid\./,
    ],
    [
      'plans that were never made',
      ['review', '.compliance/local/plans'],
      /^error: No plans in \.compliance\/local\/plans: there is no such folder\. Run make plan first\.\n$/,
    ],
    [
      'a folder as settings',
      ['settings', 'check', '--settings', '.'],
      /^error: Cannot read \.: it is a folder\./,
    ],
    [
      'a missing file',
      ['evaluate', '--event', 'none.json'],
      /^error: File not found: none\.json\. Check the path\.\n$/,
    ],
  ])('%s exits with 2 and one line', async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(args, { cwd: await temporaryFolder() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });

  test('an event that is not JSON exits with 2', async () => {
    const cwd = await temporaryFolder({ 'event.json': '{"accountId":' });
    const { code, stderr } = await runCli(['evaluate', '--event', 'event.json'], { cwd });
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: Invalid JSON in event\.json: .+\n$/),
    });
  });

  const utf16 = Buffer.from('\uFEFF{"accountId": "1"}', 'utf16le');
  test.each([
    ['settings', 'compliance.yaml', ['settings', 'check']],
    ['exemptions', 'exemptions.yaml', ['exemptions', 'check']],
    ['a plan', 'plan.json', ['review', 'plan.json']],
    ['an event', 'event.json', ['evaluate', '--event', 'event.json']],
    ['findings', 'f.json', ['frameworks', 'show', 'cis-7.0', '--scan', 'f.json']],
  ])('%s in UTF-16 are called that', async (_, file, args) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, file), utf16);
    const { code, stderr } = await runCli(args, { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: \S+ is UTF-16, and must be UTF-8\. Convert it/);
  });

  test.each(['{}', '[]', '"plan"', '{"format_version":"9"}'])(
    'a plan that holds %s exits with 2 in preflight and in review',
    async (text) => {
      const cwd = await temporaryFolder({ 'plan.json': text });
      for (const args of [
        ['preflight', '--plan', 'plan.json'],
        ['review', 'plan.json'],
      ]) {
        const { code, stdout, stderr } = await runCli(args, { cwd });
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
        expect(stderr).toBe(
          "error: Invalid plan in plan.json: plan.json is not a plan as 'terraform show -json' writes it.\n",
        );
      }
    },
  );

  test.each([
    ['evaluate', /^error: Invalid event of an AWS Config rule: accountId: .*\n$/],
    ['remediate', /^error: Invalid remediation request: complianceCommand: .*\n$/],
  ])('an event that %s cannot parse exits with 2', async (command, message) => {
    const cwd = await temporaryFolder({ 'event.json': '{}' });
    const { code, stderr } = await runCli([command, '--event', 'event.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('a mistake in compliance.yaml', () => {
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
    ['invalid YAML', `${SETTINGS}defaults: [`, /^error: compliance\.yaml:9:\d+: /],
    [
      'a wrong type',
      SETTINGS,
      /^error: compliance\.yaml:7:5: accounts\.0\.id: put account ids in quotes: '111122223333'/,
    ],
    ['a missing key', 'accounts: []\n', /compliance\.yaml:1:1: organization: is missing/],
    [
      'an unknown key',
      SETTINGS.replace('externalId', 'externalID'),
      /compliance\.yaml:3:3: organization\.externalID: unknown key - did you mean 'externalId'/,
    ],
  ])('%s in compliance.yaml is reported with its line', async (_, settings, message) => {
    const cwd = await temporaryFolder({ 'compliance.yaml': settings });
    const { code, stderr } = await runCli(['scan'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('without access', () => {
  test('a scan without a Region is invalid usage', async () => {
    const { code, stderr } = await runCli(['scan'], {
      cwd: await temporaryFolder(),
      env: { AWS_REGION: '' },
    });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: No Region configured. Use --region, or set AWS_REGION.\n',
    });
  });

  test('an interrupted scan ends with SIGINT and prints nothing', async () => {
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

  test('--debug prints the stack trace of an error', async () => {
    const { stderr } = await runCli(['--debug', 'scan'], { cwd: await temporaryFolder() });
    expect(stderr).toMatch(/\n {4}at .*open-account\.ts/);
  });
});

describe('rules', () => {
  test('rules list prints a line for each rule', async () => {
    const { code, stdout } = await runCli(['rules', 'list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^S3_ENABLE_VERSIONING +low +S3 buckets keep object versions$/m);
  });

  test('rules show prints parameters with defaults, permissions and undo', async () => {
    const { stdout } = await runCli(['rules', 'show', 'IAM_SET_PASSWORD_MIN_LENGTH', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'IAM_SET_PASSWORD_MIN_LENGTH',
      deploy: 'home-region',
      parameters: { minimumPasswordLength: { default: 14, type: 'integer' } },
      permissions: { fix: ['iam:UpdateAccountPasswordPolicy'] },
      undo: ['the inverse edit of iam/password-policy'],
    });
    const { stdout: text } = await runCli(['rules', 'show', 'IAM_SET_PASSWORD_MIN_LENGTH']);
    expect(text).toMatch(
      /^ {2}Name +Type +Default +Meaning\n {2}minimumPasswordLength +integer 6-128 +14 +\S/m,
    );
  });
});

describe('an access that fails', () => {
  const KEYS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };

  test.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
    ['no credentials', ['scan'], {}, 3, /^error: No AWS credentials found\. Set AWS_PROFILE or /],
    ['no credentials of an operator', ['plans', 'list'], {}, 3, /^error: No AWS credentials found\. Set /],
    [
      'an unknown profile',
      ['scan'],
      { AWS_PROFILE: 'nope' },
      3,
      /^error: No AWS credentials found for profile nope\. Check its name/,
    ],
    [
      'an unknown profile in an option',
      ['plans', 'list', '--profile', 'nope'],
      {},
      3,
      /^error: No AWS credentials found for profile nope\. Check its name/,
    ],
    [
      'an endpoint at which nothing listens',
      ['scan'],
      { ...KEYS, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      3,
      /^error: No AWS at http:\/\/127\.0\.0\.1:1: the connection is refused\. AWS_ENDPOINT_URL sets this address/,
    ],
    [
      'a Region that cannot exist',
      ['scan'],
      { ...KEYS, AWS_REGION: 'eu-wst-1' },
      2,
      /^error: Invalid Region: 'eu-wst-1' - did you mean 'eu-west-1'\?\n$/,
    ],
    [
      'a home Region that cannot exist',
      ['plans', 'list', '--region', 'eu-wst-1'],
      KEYS,
      2,
      /^error: Invalid Region: 'eu-wst-1' - did you mean 'eu-west-1'\?\n$/,
    ],
  ])('%s is told from the others', async (_, args, env, code, message) => {
    const result = await runCli(args, { cwd: await temporaryFolder(), env });
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) as string });
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
  });

  const answering = async (status: number, body: string) => {
    const server = createHttpServer((_, answer) =>
      answer.writeHead(status, { 'content-type': 'text/xml' }).end(body),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { ...KEYS, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
    const { code, stderr } = await runCli(['scan'], { cwd: await temporaryFolder(), env });
    server.close();
    return { code, stderr };
  };

  test.each([
    ['ExpiredToken', /^error: The AWS credentials have expired\. Log in again, such as with aws sso login/],
    ['InvalidClientTokenId', /^error: AWS does not know the credentials \(InvalidClientTokenId\)\./],
  ])('credentials that STS refuses with %s are told from the others', async (name, message) => {
    const body = `<ErrorResponse><Error><Code>${name}</Code><Message>No.</Message></Error></ErrorResponse>`;
    const { code, stderr } = await answering(403, body);
    expect(code).toBe(3);
    expect(stderr).toMatch(message);
  });

  test('an address at which something else answers is named without the noise of the parser', async () => {
    const { code, stderr } = await answering(502, '<html>Bad gateway<br></html>');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: No AWS at http:\/\/127\.0\.0\.1:\d+: .*\n$/);
    expect(stderr).not.toMatch(/deserialization/i);
  });
});
