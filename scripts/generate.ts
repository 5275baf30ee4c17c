// Writes what derives from the rules' folders: their manifests, the registry, the schema of the settings and docs/rules;
// and into README.md what the bench measured last.
// `--check` writes nothing and fails when a file is outdated. `--manifests` leaves out what needs installed packages.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { generatedFiles, type GeneratedFile } from './rules/generated-files.ts';

const root = join(import.meta.dirname, '..');
const { check, manifests } = parseArgs({
  options: { check: { type: 'boolean', default: false }, manifests: { type: 'boolean', default: false } },
}).values;

try {
  const outdated = update(generatedFiles(root));
  // The schema and the pages come from the rules, which may import what is not installed yet.
  if (!manifests && !(check && outdated)) {
    update([settingsSchema(), await readme()]);
    updateFolder('docs/rules', rulePages());
  }
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function settingsSchema(): GeneratedFile {
  const text = outputOf('apps/cli/src/main.js', 'settings', 'schema');
  return { path: 'compliance.schema.json', text };
}

async function readme(): Promise<GeneratedFile> {
  const { Comparison, COMPARISON_FILE, withComparison } = await import('./bench/peers/comparison.ts');
  const comparison = Comparison.parse(JSON.parse(readFileSync(COMPARISON_FILE, 'utf8')));
  return {
    path: 'README.md',
    text: withComparison(readFileSync(join(root, 'README.md'), 'utf8'), comparison),
  };
}

function rulePages(): readonly GeneratedFile[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the command prints exactly this.
  const pages = JSON.parse(outputOf('packages/rule-docs/src/main.ts')) as Record<string, string>;
  return Object.entries(pages).map(([path, text]) => ({ path, text }));
}

function outputOf(...command: readonly string[]): string {
  return execFileSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Also deletes or names what is in the folder and no longer generated. */
function updateFolder(folder: string, files: readonly GeneratedFile[]): void {
  update(files);
  const expected = new Set(files.map(({ path }) => path));
  const stale = filesIn(folder).filter((path) => !expected.has(path));
  for (const path of stale) {
    if (!check) rmSync(join(root, path));
    console.log(`${path} ${check ? 'is no longer generated: run make generate' : 'deleted'}`);
  }
  if (check && stale.length > 0) process.exitCode = 1;
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Writes or names the files that are outdated; whether there are any. */
function update(files: readonly GeneratedFile[]): boolean {
  const outdated = files.filter(({ path, text }) => readIfThere(join(root, path)) !== text);
  for (const { path, text } of outdated) {
    if (!check) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
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
