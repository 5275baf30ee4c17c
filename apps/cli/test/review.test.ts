import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a file that is no Terraform plan', () => {
  const folder = () =>
    temporaryFolder({
      'plan.json': '{}',
      'compliance.yaml': `organization:
  masterAccountId: '999988887777'
  externalId: not-a-password
  homeRegion: eu-west-1
  regions: [eu-west-1]
accounts: [{ id: '111122223333', name: team-a }]
`,
    });

  test('has preflight say so', async () => {
    const cwd = await folder();
    const { code, stdout } = await runCli(['preflight', '--plan', join(cwd, 'plan.json')], { cwd });
    expect(stdout).toContain('This is not a plan');
    expect(code).toBe(2);
  });

  test('has the review of a folder name it', async () => {
    const cwd = await folder();
    const { code, stderr } = await runCli(['review', cwd], { cwd });
    expect(stderr).toContain('plan is not a plan as');
    expect(code).toBe(2);
  });

  test('has the review say so and fail', async () => {
    const { code, stdout } = await runCli(['review', 'plan.json'], { cwd: await folder() });
    expect(stdout).toContain('Not reviewed');
    expect(code).toBe(1);
  });
});

describe('a review against a commit', () => {
  const run = promisify(execFile);
  const settings = (mode: string) => `organization:
  masterAccountId: '999988887777'
  externalId: not-a-password
  homeRegion: eu-west-1
  regions: [eu-west-1]
accounts: [{ id: '111122223333', name: team-a }]
rules: { S3_ENABLE_VERSIONING: { mode: ${mode} } }
`;
  const exemptions = `exemptions:
  - id: legacy
    resources: [uploads]
    reason: rewritten nightly
    owner: data
    approver: security
    ticket: SEC-12
    expires: 2099-01-31
`;
  const repository = async () => {
    const cwd = await temporaryFolder({
      'plan.json': '{"format_version":"1.2"}',
      'compliance.yaml': settings('observe'),
    });
    const git = (...words: readonly string[]) =>
      run('git', ['-C', cwd, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words]);
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'first');
    await writeFile(join(cwd, 'compliance.yaml'), settings('auto'));
    await writeFile(join(cwd, 'exemptions.yaml'), exemptions);
    return cwd;
  };

  test('tells what the settings and exemptions were, and writes files', async () => {
    const cwd = await repository();
    const { code, stdout } = await runCli(
      ['review', 'plan.json', '--base', 'HEAD', '--out', 'out/review.md', '--comment', 'out/comment.md'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toContain('S3_ENABLE_VERSIONING: mode observe becomes auto');
    expect(stdout).toContain('Exemption legacy is added: resources uploads; until 2099-01-31');
    expect(await readFile(join(cwd, 'out/review.md'), 'utf8')).toBe(stdout);
    expect(await readFile(join(cwd, 'out/comment.md'), 'utf8')).toBe(stdout);
  });
  test('of which git knows nothing is a mistake of usage', async () => {
    const { code, stderr } = await runCli(['review', 'plan.json', '--base', '--all'], {
      cwd: await repository(),
    });
    expect(stderr).toContain('git knows no commit --all here');
    expect(code).toBe(2);
  });
});

test('exemptions that end soon give the exit code that a schedule waits for', async () => {
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
