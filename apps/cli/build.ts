import { join } from 'node:path';

import { bundleProgram } from '@compliance/bundler';

const source = join(import.meta.dirname, 'src');
const bytes = await bundleProgram(
  {
    main: join(source, 'main-built.js'),
    worker: join(source, 'commands/scan/organization/worker.js'),
  },
  join(import.meta.dirname, 'dist'),
);
console.log(`cli: ${(bytes / 1024 / 1024).toFixed(1)} MiB`);
