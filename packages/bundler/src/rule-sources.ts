import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Plugin } from 'esbuild';

/**
 * Writes into the chunk of each rule which version and which source of it the bundle holds, so that its events can say so.
 * A function then loads this of its rule alone.
 */
export const ruleSources: Plugin = {
  name: 'rule-sources',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]rules[\\/][^\\/]+[\\/]src[\\/]index\.ts$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}
export const release = ${JSON.stringify(await readRelease(join(dirname(path), '..')))};`,
      loader: 'ts',
      resolveDir: dirname(path),
    }));
  },
};

interface Release {
  readonly version: string;
  /** The digest of the sources of its package and of its families. */
  readonly source: string;
}

const readRelease = async (rule: string): Promise<Release> => {
  const { version, dependencies } = await readManifest(join(rule, 'package.json'));
  const families = Object.keys(dependencies)
    .map((name) => join(rule, '../../rules-shared', name.split('/').at(-1) ?? ''))
    .filter((family) => existsSync(join(family, 'package.json')));
  return { version, source: await digestOf([rule, ...families.toSorted()]) };
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
