import { join } from 'node:path';

import { bundleProgram } from '@compliance/bundler';

import { commitOf } from './src/output/commit-of.ts';

const source = join(import.meta.dirname, 'src');
const bytes = await bundleProgram(
  {
    main: join(source, 'main-built.js'),
    worker: join(source, 'commands/scan/organization/worker.js'),
  },
  join(import.meta.dirname, 'dist'),
  // The checkout may be another one when the bundle runs.
  { 'process.env.BUILT_COMMIT': JSON.stringify(commitOf(import.meta.dirname) ?? 'no commit') },
);
console.log(`cli: ${(bytes / 1024 / 1024).toFixed(1)} MiB`);
