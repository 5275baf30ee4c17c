import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import type { Plugin } from 'esbuild';

/** Writes into a bundle which version and which source of each rule it holds, so that its events can say so. */
export const ruleSources: Plugin = {
  name: 'rule-sources',
  setup: (build) => {
    build.onLoad({ filter: /registry[\\/]src[\\/]sources\.ts$/ }, async ({ path }) => ({
      contents: `export const sources = ${JSON.stringify(await readRuleSources(join(dirname(path), '../..')))};`,
      loader: 'js',
    }));
  },
};

interface RuleSource {
  readonly version: string;
  /** The digest of the sources of its package and of its family. */
  readonly source: string;
}

/** Reads the rules below a folder of packages, by command. */
const readRuleSources = async (packages: string): Promise<Readonly<Record<string, RuleSource>>> => {
  const manifests = globSync('rules/*/package.json', { cwd: packages }).toSorted();
  const entries = manifests.map(async (manifest) => {
    const folder = join(packages, dirname(manifest));
    const { version, dependencies } = await readManifest(join(packages, manifest));
    const families = Object.keys(dependencies)
      .map((name) => join(packages, 'rules-shared', name.split('/').at(-1) ?? ''))
      .filter((family) => existsSync(join(family, 'package.json')));
    const command = relative(join(packages, 'rules'), folder).toUpperCase().replaceAll('-', '_');
    return [command, { version, source: await digestOf([folder, ...families.toSorted()]) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const readManifest = async (path: string): Promise<Manifest> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `make generate` writes these members.
  JSON.parse(await readFile(path, 'utf8')) as Manifest;

const digestOf = async (folders: readonly string[]): Promise<string> => {
  const hash = createHash('sha256');
  for (const folder of folders)
    for (const file of globSync('src/**/*.ts', { cwd: folder }).toSorted())
      hash.update(`${file}\n`).update(await readFile(join(folder, file)));
  return `sha256-${hash.digest('hex').slice(0, 32)}`;
};
