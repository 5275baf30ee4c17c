import { rm } from 'node:fs/promises';

import { build } from 'esbuild';

import { clientVersions } from './client-versions.ts';
import { requireHttp } from './require-http.ts';

/**
 * Bundles a program that runs on a person's machine: `<outdir>/<name>.js` for each of its entries, beside the chunks that
 * they share, each with a source map. Code that is imported dynamically is loaded when it is needed.
 * @param define expressions of JavaScript, which replace what they are named after
 * @returns the bytes of JavaScript
 */
export const bundleProgram = async (
  entries: Readonly<Record<string, string>>,
  outdir: string,
  define: Readonly<Record<string, string>> = {},
): Promise<number> => {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { ...entries },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minifySyntax: true,
    legalComments: 'none',
    // CommonJS packages require modules of Node. By a name of its own: a module may import createRequire.
    banner: {
      js: "import { createRequire as requireIn } from 'node:module'; const require = requireIn(import.meta.url);",
    },
    sourcemap: 'linked',
    sourcesContent: false,
    define: { ...define },
    metafile: true,
    plugins: [requireHttp, clientVersions],
    logLevel: 'warning',
  });
  const scripts = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.js'));
  return scripts.reduce((sum, [, { bytes }]) => sum + bytes, 0);
};
