import { join } from 'node:path';

/** The program that is tested: the sources or, in `make test`, the bundle that people use. */
export const MAIN = join(
  import.meta.dirname,
  process.env['TEST_BUNDLE'] === undefined ? '../src/main.js' : '../dist/main.js',
);
