import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { unzipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';

import { bundleFunction } from '../src/bundle-function.ts';
import { markPure } from '../src/pure-schemas.ts';
import { reproducibleZip } from '../src/reproducible-zip.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('the same files give the same zip, in any order', () => {
  const a = reproducibleZip({ 'index.mjs': bytes('1'), 'chunks/x.mjs': bytes('2') });
  const b = reproducibleZip({ 'chunks/x.mjs': bytes('2'), 'index.mjs': bytes('1') });
  expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true);
  expect(Object.keys(unzipSync(a))).toEqual(['chunks/x.mjs', 'index.mjs']);
});

test('a schema is wrapped as a pure call', () => {
  const marked = markPure(
    'const _xN = "k";\nexport var A$ = [3, 0,\n    [2, { [_xN]: "x" }], 1\n];\nvar b = 1;\n',
  );
  expect(marked).toContain('export var A$ = /* @__PURE__ */ (() => [3, 0,');
  expect(marked).toContain('])();\nvar b = 1;');
});

test('a function is bundled to the same zip twice, and a dynamic import has its own chunk', async () => {
  // Beside the sources, so that nothing depends on where temporary files go.
  const folder = await mkdtemp(join(import.meta.dirname, 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'rule.ts'), `export const rule = 'the rule';`);
  await writeFile(
    join(folder, 'lambda.ts'),
    `export const handler = async () => (await import('./rule.ts')).rule;`,
  );
  const bundle = () => bundleFunction(join(folder, 'lambda.ts'), join(folder, 'out'));
  const first = await readFile((await bundle()).zipPath);
  const second = await readFile((await bundle()).zipPath);
  expect(second.equals(first)).toBe(true);
  expect(Object.keys(unzipSync(first))).toEqual([expect.stringMatching(/^chunks\/rule-/), 'index.mjs']);
});
