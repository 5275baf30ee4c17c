import { existsSync } from 'node:fs';

import type * as z from 'zod';

import { readText } from './read-text.ts';

/** A parsed file, with the line of each key. */
export interface YamlFile<T> {
  /** The file as it is written, before defaults. */
  readonly content: unknown;
  readonly value: T;
  /** `compliance.yaml:12:5` */
  readonly placeOf: (path: readonly PropertyKey[]) => string;
  /** Whether the file sets the key, so that its value is not a default. */
  readonly has: (path: readonly PropertyKey[]) => boolean;
}

/** The format of a file. `rename` and `formerPath` serve keys that had another name before. */
export interface YamlFormat<T> {
  readonly schema: z.ZodType<T>;
  readonly rename?: (content: unknown) => unknown;
  readonly formerPath?: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** Reads the named file or the default one in this folder, if there is one. @throws {UsageError} naming each mistake */
export const readYaml = async <T>(
  format: YamlFormat<T>,
  defaultName: string,
  path?: string,
): Promise<YamlFile<T> | undefined> => {
  if (path === undefined && !existsSync(defaultName)) return undefined;
  const file = path ?? defaultName;
  // A parser of 72 modules, for a file that is seldom there.
  const { parseYaml } = await import('./parse-yaml.ts');
  return parseYaml(format, await readText(file), file);
};
