import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

/** Where rules are, and what they share; with the tag by which `turbo boundaries` limits their imports. */
export const RULE_FOLDERS = [
  { folder: 'packages/rules', tag: 'rule' },
  { folder: 'packages/rules-shared', tag: 'family' },
] as const;

export const packageName = (folder: string): string => `@compliance/${folder}`;
export const commandOf = (folder: string): string => folder.toUpperCase().replaceAll('-', '_');
export const folderOf = (command: string): string => command.toLowerCase().replaceAll('_', '-');

/** The names of the packages in a folder, sorted. Without `src` it is what a removed package left, such as node_modules. */
export const packagesIn = (root: string, folder: string): readonly string[] => {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => existsSync(join(path, name, 'src')))
    .toSorted();
};

/** Package → version, as pnpm-workspace.yaml pins it. */
export const readCatalog = (root: string): Readonly<Record<string, string>> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- pnpm has refused any other form.
  (parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) as { catalog: Record<string, string> })
    .catalog;
