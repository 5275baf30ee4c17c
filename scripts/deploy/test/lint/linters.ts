import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

import * as z from 'zod';

import { REPOSITORY } from '../../src/base/paths.ts';

const runFile = promisify(execFile);
const BIN = join(REPOSITORY, '.venv-lint/bin');

/** The reason, in one line, why the linters are not installed; `undefined` when they are. */
export const whyNoLinters = async (): Promise<string | undefined> => {
  try {
    await access(join(BIN, 'checkov'));
    return undefined;
  } catch {
    return 'no linters in .venv-lint. Run make linters to install them or see why not.';
  }
};

/** A finding of a linter. */
export interface Finding {
  readonly check: string;
  /** The path of a file below the folder and, if the linter reports it, the resource. */
  readonly subject: string;
  readonly message: string;
}

/** Lints the conformance packs, as YAML, in a folder. */
export const cfnLint = async (folder: string): Promise<readonly Finding[]> => {
  const Findings = z.array(
    z.object({ Filename: z.string(), Message: z.string(), Rule: z.object({ Id: z.string() }) }),
  );
  const said = await run('cfn-lint', '--format', 'json', join(folder, '**/*.yaml'));
  return Findings.parse(JSON.parse(said)).map(({ Filename, Message, Rule }) => ({
    check: Rule.Id,
    subject: relative(folder, Filename),
    message: Message,
  }));
};

/** Lints the IAM policies, as JSON, in a folder. */
export const parliament = async (folder: string): Promise<readonly Finding[]> => {
  const Finding = z.object({
    issue: z.string(),
    title: z.string(),
    detail: z.unknown(),
    location: z.object({ filepath: z.string() }),
  });
  const said = await run('parliament', '--directory', folder, '--include_policy_extension', 'json', '--json');
  return said
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Finding.parse(JSON.parse(line)))
    .map(({ issue, title, detail, location }) => ({
      check: issue,
      subject: relative(folder, location.filepath).replace(/\.json$/, ''),
      message: `${title}: ${JSON.stringify(detail)}`,
    }));
};

/** Lints the Terraform modules in a folder. */
export const checkov = async (folder: string): Promise<readonly Finding[]> => {
  const Report = z.object({
    results: z.object({
      failed_checks: z.array(
        z.object({
          check_id: z.string(),
          check_name: z.string(),
          resource: z.string(),
          file_path: z.string(),
        }),
      ),
    }),
    // A module that checkov cannot read has no findings.
    summary: z.object({ parsing_errors: z.literal(0), passed: z.int().positive() }),
  });
  const given = ['--directory', folder, '--framework', 'terraform_json', '--output', 'json'];
  const quietly = ['--skip-download', '--soft-fail', '--quiet', '--compact'];
  const said = await run('checkov', ...given, ...quietly);
  return Report.parse(JSON.parse(said)).results.failed_checks.map((failed) => ({
    check: failed.check_id,
    subject: `${failed.file_path.slice(1).replace('/main.tf.json', '')}/${failed.resource.split('.').at(-1)}`,
    message: failed.check_name,
  }));
};

/** Runs a linter and returns its standard output. A linter with findings ends with an exit code other than 0. */
const run = async (name: string, ...given: readonly string[]): Promise<string> => {
  try {
    return (await runFile(join(BIN, name), given, { maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stdout, stderr } = Ended.parse(error);
    if (stdout === '') throw new Error(`${name} failed: ${stderr}`, { cause: error });
    return stdout;
  }
};

const Ended = z.object({ stdout: z.string(), stderr: z.string() });
