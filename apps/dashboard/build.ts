import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';

const output = join(import.meta.dirname, 'dist');
await build({
  configFile: false,
  root: join(import.meta.dirname, 'page'),
  base: './',
  logLevel: 'warn',
  build: {
    outDir: output,
    emptyOutDir: true,
    target: 'es2023',
    // These have light-dark(), which would otherwise be taken apart.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rollupOptions: {
      output: {
        entryFileNames: 'page.js',
        // The only one: what a search of the large file needs.
        chunkFileNames: 'search.js',
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith('.css')) ? 'page.css' : '[name][extname]',
      },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});

const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
for (const name of readdirSync(output).toSorted()) {
  const bytes = readFileSync(join(output, name));
  console.log(`dashboard: ${name} ${kib(bytes.length)}, gzipped ${kib(gzipSync(bytes).length)}`);
}
