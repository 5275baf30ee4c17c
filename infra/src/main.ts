import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { decodeText, explain, parseSettings } from '@compliance/core';
import { loadAllRules } from '@compliance/registry';
import { parse } from 'yaml';

import { terraformModules } from './terraform-modules.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const OWN = join(REPOSITORY, 'compliance.yaml');

/** Writes the Terraform modules for the settings into the folder. */
const synthesize = async (settingsPath: string, folder: string): Promise<void> => {
  const settings = parseSettings(parse(decodeText(await readFile(settingsPath), settingsPath)));
  const files = Object.entries(terraformModules(settings, await loadAllRules()));
  // Files of an earlier run that this one does not write must not be applied.
  await rm(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  console.log(
    `${files.length} files in ${relative(process.cwd(), folder)} from ${relative(process.cwd(), settingsPath)}`,
  );
};

const { values } = parseArgs({
  options: {
    settings: {
      type: 'string',
      default: existsSync(OWN) ? OWN : join(REPOSITORY, 'compliance.example.yaml'),
    },
    out: { type: 'string', default: join(REPOSITORY, 'infra/dist') },
  },
});
try {
  await synthesize(values.settings, values.out);
} catch (error) {
  console.error(`error: ${explain(error)}`);
  process.exitCode = 1;
}
