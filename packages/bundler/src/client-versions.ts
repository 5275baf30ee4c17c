import { readFile } from 'node:fs/promises';

import type { Plugin } from 'esbuild';

/** Keeps only the version of an SDK client's manifest, which the client reads for its user agent: 2 kB of each client. */
export const clientVersions: Plugin = {
  name: 'client-versions',
  setup: (build) => {
    build.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a package that pnpm installed has a version.
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { readonly version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
