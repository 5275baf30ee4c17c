import { existsSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { explain, parseSettings } from '@compliance/core';
import { loadAllRules } from '@compliance/registry';

import { readYamlFile } from './read-yaml-file.ts';
import { asSentence, findSettingsProblems } from './settings-problems.ts';
import { sizesOf, sizesText, type Size } from './sizes.ts';
import { terraformModules } from './terraform-modules.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const OWN = join(REPOSITORY, 'compliance.yaml');

interface Options {
  readonly settingsPath: string;
  readonly folder: string;
  /** Also print the sizes of what is deployed. */
  readonly withSizes: boolean;
}

/** Writes the Terraform modules for the settings into the folder. */
const synthesize = async ({ settingsPath, folder, withSizes }: Options): Promise<void> => {
  const settings = parseSettings(await readYamlFile(settingsPath));
  const rules = await loadAllRules();
  const files = Object.entries(terraformModules(settings, rules));
  for (const problem of findSettingsProblems(settings, rules))
    if (problem.isWarning) console.log(`warning: ${asSentence(problem)}`);
  // Files of an earlier run that this one does not write must not be applied.
  await rm(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  console.log(
    `${files.length} files in ${relative(process.cwd(), folder)} from ${relative(process.cwd(), settingsPath)}`,
  );
  if (withSizes) console.log(sizesText([...sizesOf(settings, rules), ...(await zipSizes())]));
};

/** Lambda's limit for code that is uploaded without S3. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ZIP_BYTES = 50 * 1024 * 1024;

/** The functions' zips, if they are built. */
const zipSizes = async (): Promise<readonly Size[]> => {
  const paths = ['apps/evaluate', 'apps/remediate', 'apps/keeper'].map((app) => `${app}/dist/function.zip`);
  const built = paths.filter((path) => existsSync(join(REPOSITORY, path)));
  return Promise.all(
    built.map(async (path) => {
      const { size } = await stat(join(REPOSITORY, path));
      return { what: path, size, limit: ZIP_BYTES, unit: 'bytes' };
    }),
  );
};

const { values } = parseArgs({
  options: {
    settings: {
      type: 'string',
      default: existsSync(OWN) ? OWN : join(REPOSITORY, 'compliance.example.yaml'),
    },
    sizes: { type: 'boolean', default: false },
    out: { type: 'string', default: join(REPOSITORY, 'infra/dist') },
  },
});
try {
  await synthesize({ settingsPath: values.settings, folder: values.out, withSizes: values.sizes });
} catch (error) {
  console.error(`error: ${explain(error)}`);
  process.exitCode = 1;
}
