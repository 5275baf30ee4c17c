// Writes what derives from the rules' folders: their manifests, the registry and the schema of the settings.
// `--check` writes nothing and fails when a file is outdated. `--manifests` leaves out what needs installed packages.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { generatedFiles, type GeneratedFile } from './rules/generated-files.ts';

const root = join(import.meta.dirname, '..');
const { check, manifests } = parseArgs({
  options: { check: { type: 'boolean', default: false }, manifests: { type: 'boolean', default: false } },
}).values;

try {
  const outdated = update(generatedFiles(root));
  // The schema comes from the rules, which may import what is not installed yet.
  if (!manifests && !(check && outdated)) update([settingsSchema()]);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function settingsSchema(): GeneratedFile {
  const command = ['apps/cli/src/main.ts', 'settings', 'schema'];
  const text = execFileSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { path: 'compliance.schema.json', text };
}

/** Writes or names the files that are outdated; whether there are any. */
function update(files: readonly GeneratedFile[]): boolean {
  const outdated = files.filter(({ path, text }) => readIfThere(join(root, path)) !== text);
  for (const { path, text } of outdated) {
    if (!check) writeFileSync(join(root, path), text);
    console.log(`${path} ${check ? 'is outdated: run make generate' : 'written'}`);
  }
  if (check && outdated.length > 0) process.exitCode = 1;
  return outdated.length > 0;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
