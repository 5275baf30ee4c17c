#!/usr/bin/env node
// The entry of the bundle, whose modules load in half of the time. It is written to `dist`, beside `src`.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `error: compliance needs Node 24, and this is ${process.version}. Run it by node_modules/.bin/node of the repository.\n`,
  );
  process.exit(2);
}
// Before any module is loaded, whose map is otherwise not read.
if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
const command = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
if (command === 'demo') {
  // The demo deploys the repository itself, from its files. The bundler follows no variable.
  const sources = '../src/main.js';
  await import(sources);
} else await import('./main.js');
