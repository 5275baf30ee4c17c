import { readFile } from 'node:fs/promises';

import type { Plugin } from 'esbuild';

/**
 * Leaves out how zod writes a JSON Schema: 19 kB that every schema refers to, for the CLI and the documentation alone.
 * A function that asks for one throws.
 */
export const withoutJsonSchema: Plugin = {
  name: 'without-json-schema',
  setup: (build) => {
    build.onLoad(
      { filter: /zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/ },
      async ({ path }) => ({ contents: refuseCalls(await readFile(path, 'utf8')), loader: 'js' }),
    );
  },
};

/** A module with the same names, whose functions all throw. */
const refuseCalls = (source: string): string => {
  const names = [
    ...source.matchAll(/^export (?:function|const) (\w+)/gm),
    ...source.matchAll(/^export \{ \w+ as (\w+) \};/gm),
  ].map(([, name]) => name);
  return `const leftOut = () => {
  throw new Error('The bundle of a function leaves out the JSON Schemas of zod; make them in the CLI.');
};
export { ${names.map((name) => `leftOut as ${name}`).join(', ')} };
`;
};
