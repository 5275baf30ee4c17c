import { join } from 'node:path';

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

  test('has the review say so and fail', async () => {
    const { code, stdout } = await runCli(['review', 'plan.json'], { cwd: await folder() });
    expect(stdout).toContain('Not reviewed');
    expect(code).toBe(1);
  });
});
