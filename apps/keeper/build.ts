import { join } from 'node:path';

import { bundleFunction } from '@compliance/bundler';

const { zipPath, zipped, javascript, chunks } = await bundleFunction(
  join(import.meta.dirname, 'src/lambda.ts'),
  join(import.meta.dirname, 'dist/function'),
);
const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
console.log(`keeper: ${kib(javascript)} in ${chunks} chunks, zipped ${kib(zipped)}: ${zipPath}`);
