import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { bundleProgram } from '../src/bundle-program.ts';

const run = promisify(execFile);

/** A folder with these files that ends with the test. */
const folderOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
};

test('a program runs from its bundle, which shares code between entries and loads on demand what it can', async () => {
  const folder = await folderOf({
    'package.json': '{ "type": "module" }',
    'main.ts':
      "import { once } from './shared.ts';\nimport old from './old.cjs';\nconsole.log(once(), old.base);\nif (process.argv[2]) await import('./rare.ts');",
    'worker.ts': "import { once } from './shared.ts';\nconsole.log('worker', once());",
    'shared.ts': "export const once = (): string => 'shared';",
    'old.cjs': "const path = require('node:path');\nmodule.exports = { base: path.basename('/a/b') };",
    'rare.ts': "import { createRequire } from 'node:module';\nthrow new Error(typeof createRequire);",
  });
  const out = join(folder, 'dist');
  const bytes = await bundleProgram(
    { main: join(folder, 'main.ts'), worker: join(folder, 'worker.ts') },
    out,
  );

  const main = join(out, 'main.js');
  expect((await run(process.execPath, [main])).stdout).toBe('shared b\n');
  expect((await run(process.execPath, [join(out, 'worker.js')])).stdout).toBe('worker shared\n');
  await expect(run(process.execPath, ['--enable-source-maps', main, 'rare'])).rejects.toThrow(
    /Error: function\n {4}at .*rare\.ts:2:7/,
  );
  const text = await readFile(main, 'utf8');
  expect(text).not.toContain('throw new Error');
  expect(bytes).toBeGreaterThan(text.length);
});
