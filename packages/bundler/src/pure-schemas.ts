import { readFile } from 'node:fs/promises';

import type { Plugin } from 'esbuild';

/**
 * Lets esbuild drop the schemas of API shapes that a function never uses.
 * It would keep them, because a computed key such as `{ [_xN]: "item" }` might run code; in these generated files it is
 * a constant. Wrapped as a pure call, a schema means the same and is dropped when unused.
 */
export const pureSchemas: Plugin = {
  name: 'pure-schemas',
  setup: (build) => {
    build.onLoad({ filter: /@aws-sdk[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: markPure(await readFile(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/** Rewrites `var X = [ … ];` at the top of a module to `var X = (() => [ … ])();`, marked as pure. */
export const markPure = (source: string): string =>
  source.replaceAll(/^((?:export )?var [\w$]+ = )(\[[^;]*?\]);$/gm, '$1/* @__PURE__ */ (() => $2)();');
