import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

import { REPOSITORY } from '../src/base/paths.ts';

const RULE = 'packages/rules/example-keep-scaffold';
const TYPE_RULE = 'packages/rules/example-keep-type';
const FAMILY_RULE = 'packages/rules/example-keep-family';
const COPY = 'packages/rules/example-copied-rule';
const TOOLS = ['.tools', '.venv'];
let clone = '';

// Without the variables of the make that runs this test, and without a network.
const { MAKEFLAGS: _flags, MAKELEVEL: _level, FORCE_COLOR: _color, ...inherited } = process.env;
const env = { ...inherited, NO_COLOR: '1', pnpm_config_offline: 'true' };

const run = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, { cwd: clone, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const tool = (name: string, ...args: readonly string[]) => run(join('node_modules/.bin', name), ...args);
const changedFiles = () => run('git', 'status', '--porcelain', '--no-renames').trimEnd().split('\n');

/** The commit that is checked out, with the tools and packages of this working tree, but nothing installed. */
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'new-rule-'));
  run('git', 'clone', '--quiet', REPOSITORY, '.');
  for (const tools of TOOLS) symlinkSync(join(REPOSITORY, tools), join(clone, tools));
  writeFileSync(join(clone, '.git/info/exclude'), TOOLS.join('\n'));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

test('make generate installs a copied rule in a clean clone', () => {
  cpSync(join(clone, 'packages/rules/s3-enable-versioning'), join(clone, COPY), { recursive: true });
  run('make', 'generate');
  expect(readFileSync(join(clone, COPY, 'package.json'), 'utf8')).toContain(
    '"@compliance/example-copied-rule"',
  );
  expect(readFileSync(join(clone, 'pnpm-lock.yaml'), 'utf8')).toContain(`  ${COPY}:`);
});

test('a new rule of an account, type or family passes types, lint and format, and edits only generated files', () => {
  run('make', 'new-rule', 'NAME=EXAMPLE_KEEP_TYPE', 'RESOURCE=AWS::EC2::VPC');
  run('make', 'new-rule', 'NAME=EXAMPLE_KEEP_FAMILY', 'FAMILY=iam-password-policy');
  run('make', 'new-rule', 'NAME=EXAMPLE_KEEP_SCAFFOLD');
  const pageOf = (rule: string) => `?? ${rule.replace('packages/rules/', 'docs/rules/')}.md`;
  expect(changedFiles()).toEqual([
    ' M docs/rules/README.md',
    ' M docs/rules/proof.md',
    ' M packages/registry/package.json',
    ' M packages/registry/src/loaders.ts',
    ' M pnpm-lock.yaml',
    pageOf(FAMILY_RULE),
    pageOf(RULE),
    pageOf(TYPE_RULE),
    `?? ${COPY}/`,
    `?? ${FAMILY_RULE}/`,
    `?? ${RULE}/`,
    `?? ${TYPE_RULE}/`,
  ]);
  run('make', 'setup'); // The lock file is up to date: a frozen install accepts it.
  run('node_modules/.bin/node', 'scripts/generate.ts', '--check');
  const rules = [RULE, TYPE_RULE, FAMILY_RULE];
  const project = { extends: './tsconfig.base.json', include: [...rules, 'packages/registry'] };
  writeFileSync(join(clone, 'tsconfig.rule.json'), JSON.stringify(project));
  tool('tsc', '--noEmit', '--project', 'tsconfig.rule.json');
  tool('oxlint', ...rules);
  tool('oxfmt', '--check', ...rules);
});

test('the contract of a new rule fails only because it has no seeds', () => {
  const report = join(clone, 'contract.json');
  const vitest = ['run', '--reporter=json', `--outputFile=${report}`, `${RULE}/`];
  expect(spawnSync('node_modules/.bin/vitest', vitest, { cwd: clone, env }).status).toBe(1);
  const { numPassedTests, testResults } = Report.parse(JSON.parse(readFileSync(report, 'utf8')));
  const failures = testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ failureMessages }) => failureMessages),
  );
  expect(numPassedTests).toBeGreaterThan(0);
  expect(failures).not.toEqual([]);
  for (const failure of failures) expect(failure).toMatch(/EXAMPLE_KEEP_SCAFFOLD has no seed/);
});

test('the rule of the README, with seeds, passes its contract in the package of a new rule', () => {
  const readme = readFileSync(join(clone, 'README.md'), 'utf8');
  const source = /```ts\n(.*?defineRule.*?)```/s.exec(readme)?.[1] ?? '';
  edit('src/rule.ts', () => source.replace(/command: '\w+'/, `command: 'EXAMPLE_KEEP_SCAFFOLD'`));
  edit(
    'test/contract.emulator.test.ts',
    (contract) => `${SEED_IMPORT}${contract.replace(/throw .*?;/s, SEED)}`,
  );
  run('make', 'generate');
  expect(tool('vitest', 'run', `${RULE}/`)).toMatch(/Tests +\d+ passed \(/);
});

const SEED_IMPORT = `import { EC2Client, EnableEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';\n`;
const SEED = `if (enabled) await admin.client(EC2Client).send(new EnableEbsEncryptionByDefaultCommand({}));
  return { resourceType: rule.resourceType, resourceId: admin.accountId };`;

const edit = (file: string, change: (text: string) => string) => {
  const path = join(clone, RULE, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};

const Report = z.object({
  numPassedTests: z.int(),
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ failureMessages: z.array(z.string()) })) }),
  ),
});
