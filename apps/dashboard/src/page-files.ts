import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';

/** A file of the built page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

// By the name of the package, so that it is found from a bundle of another one too.
const PACKAGE = createRequire(import.meta.url).resolve('@compliance/dashboard/package.json');
const BUILT = join(dirname(PACKAGE), 'dist');

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The built page by name.
 * @throws {Error} when it is not built
 */
export const readPageFiles = (): ReadonlyMap<string, PageFile> =>
  new Map(
    namesIn(BUILT).flatMap((name): [string, PageFile][] => {
      const type = TYPES[extname(name)];
      return type === undefined ? [] : [[name, { type, bytes: readFileSync(join(BUILT, name)) }]];
    }),
  );

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new Error("The dashboard's page is not built. Run make build.", { cause: error });
  }
};
