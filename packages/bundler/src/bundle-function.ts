import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { build } from 'esbuild';

import { clientVersions } from './client-versions.ts';
import { reproducibleZip } from './reproducible-zip.ts';
import { pureSchemas } from './pure-schemas.ts';
import { requireHttp } from './require-http.ts';
import { ruleSources } from './rule-sources.ts';
import { withoutJsonSchema } from './without-json-schema.ts';

export interface Bundle {
  readonly zipPath: string;
  /** Sizes in bytes. */
  readonly zipped: number;
  readonly javascript: number;
  readonly chunks: number;
}

/**
 * Bundles a Lambda function into `<outdir>/index.mjs`, its chunks and `<outdir>.zip`.
 * Code that is imported dynamically has its own chunks, so that a function loads only the rule it runs.
 */
export const bundleFunction = async (entry: string, outdir: string): Promise<Bundle> => {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { index: entry },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // The SDK's CommonJS builds, esbuild's default for Node, are twice the size.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    plugins: [requireHttp, pureSchemas, clientVersions, withoutJsonSchema, ruleSources],
    logLevel: 'warning',
  });
  const outputs = Object.entries(metafile.outputs);
  const files = await Promise.all(
    outputs.map(
      async ([path]) => [relative(outdir, join(process.cwd(), path)), await readFile(path)] as const,
    ),
  );
  const zip = reproducibleZip(Object.fromEntries(files));
  const zipPath = `${outdir}.zip`;
  await mkdir(dirname(zipPath), { recursive: true });
  await writeFile(zipPath, zip);
  return {
    zipPath,
    zipped: zip.length,
    javascript: outputs.reduce((bytes, [, output]) => bytes + output.bytes, 0),
    chunks: outputs.length,
  };
};
