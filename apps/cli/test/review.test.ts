import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('a file that is not a Terraform plan', () => {
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

  test('preflight reports a file that is not a Terraform plan', async () => {
    const cwd = await folder();
    const { code, stderr } = await runCli(['preflight', '--plan', join(cwd, 'plan.json')], { cwd });
    expect(stderr).toContain('is not a plan as');
    expect(code).toBe(2);
  });

  test('review names the file of a folder that is not a Terraform plan', async () => {
    const cwd = await folder();
    const { code, stderr } = await runCli(['review', cwd], { cwd });
    expect(stderr).toContain('plan is not a plan as');
    expect(code).toBe(2);
  });

  test('review reports a file that is not a Terraform plan', async () => {
    const { code, stderr } = await runCli(['review', 'plan.json'], { cwd: await folder() });
    expect(stderr).toContain('plan.json is not a plan as');
    expect(code).toBe(2);
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
    const git = (...args: readonly string[]) =>
      run('git', ['-C', cwd, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'first');
    await writeFile(join(cwd, 'compliance.yaml'), settings('auto'));
    await writeFile(join(cwd, 'exemptions.yaml'), exemptions);
    return cwd;
  };

  test('review compares settings and exemptions with a commit and writes files', async () => {
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
  test('review against an unknown commit is invalid usage', async () => {
    const { code, stderr } = await runCli(['review', 'plan.json', '--base', '--all'], {
      cwd: await repository(),
    });
    expect(stderr).toContain('Commit not found: --all.');
    expect(code).toBe(2);
  });
});
