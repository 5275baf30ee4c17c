import { readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

// The source is formatted, so that a statement begins its line.
const STATEMENT =
  /^(?:import\s+(?:[^;'"]*?\sfrom\s+)?|export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+)'([^']+)'/gm;
const CALL = /\bimport\('([^']+)'\)/g;

/** Each package that the TypeScript files of a folder import, with one of the files that import it. */
export const importedPackages = (folder: string): ReadonlyMap<string, string> => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const imports = files.toSorted().flatMap((file) => {
    const path = join(folder, file);
    return packagesIn(readFileSync(path, 'utf8')).map((name) => [name, path] as const);
  });
  return new Map(imports.toReversed());
};

const packagesIn = (source: string): readonly string[] =>
  [STATEMENT, CALL]
    .flatMap((pattern) => [...source.matchAll(pattern)].map(([, specifier = '']) => specifier))
    .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
    .map(packageOf);

/** `@compliance/core/rule` → `@compliance/core` */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
