import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { MAIN } from './main.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The words that a shell is offered after these. */
const offered = async (...words: string[]) => {
  const { code, stdout, stderr } = await runCli(['complete', '--', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(':'))
    .map((line) => line.split('\t')[0]);
};

test.each([
  ['commands', ['pla'], ['plans']],
  ['commands of a group', ['plans', ''], ['list', 'show', 'help']],
  ['options', ['plans', 'list', '--old'], ['--older-than']],
  ['the choices of an option', ['scan', '--format', ''], ['table', 'json', 'ndjson', 'csv', 'html']],
  ['the rules of an option', ['scan', '--rule', 'S3_ENABLE_VERS'], ['S3_ENABLE_VERSIONING']],
  ['the rules of an argument', ['rules', 'show', 'S3_ENABLE_VERS'], ['S3_ENABLE_VERSIONING']],
])('%s are completed', async (_, words, expected) => {
  expect(await offered(...words)).toEqual(expected);
});

test.each([
  ['bash', 'complete -o default -F'],
  ['zsh', '#compdef compliance'],
  ['fish', 'complete -c compliance'],
])('completion %s prints a script that asks this program', async (shell, registration) => {
  const { code, stdout } = await runCli(['completion', shell]);
  expect(code).toBe(0);
  expect(stdout).toContain(registration);
  expect(stdout).toContain(`'${process.execPath}' '${MAIN}' complete --`);
});

/** What the script for bash, in a bash without other files, offers for these words. */
const offeredInBash = async (words: readonly string[]) => {
  const { stdout: script } = await runCli(['completion', 'bash']);
  const cwd = await temporaryFolder({ 'completion.sh': script });
  // Twice, as a shell that reads its profile again.
  const ask = 'source completion.sh && source completion.sh && COMP_WORDS=("$@") COMP_CWORD=$(($#-1)) && ';
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    [
      '--noprofile',
      '--norc',
      '-c',
      `${ask}__compliance_complete && echo "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ],
    { cwd },
  );
  expect(stderr).toBe('');
  return { offered: stdout.trim(), files: await readdir(cwd) };
};

test.each([
  [['compliance', 'plans', 'li'], 'list'],
  [['compliance', 'scan', '--rule', 'S3_ENABLE_VERS'], 'S3_ENABLE_VERSIONING'],
  [['compliance', 'scan', '--rule', '=', 'S3_ENABLE_VERS'], 'S3_ENABLE_VERSIONING'],
  [['compliance', 'scan', '--format', '='], 'table json ndjson csv html'],
])('a bash without other files is offered, after %j, %s', async (words, expected) => {
  expect((await offeredInBash(words)).offered).toBe(expected);
});

test('bash does not run what is typed', async () => {
  const { files } = await offeredInBash(['compliance', 'approve', '--reason', '$(touch ran)', '']);
  expect(files).toEqual(['completion.sh']);
});

test('--version prints the version, and the version of Node', async () => {
  const { code, stdout, stderr } = await runCli(['--version']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+( \([\w.-]+\))?, Node v\d+\.\d+\.\d+\n$/);
});
