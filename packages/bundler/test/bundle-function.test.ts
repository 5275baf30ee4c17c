import { createServer } from 'node:http';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { unzipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';

import { bundleFunction } from '../src/bundle-function.ts';
import { markPure, withoutErrorClasses } from '../src/pure-schemas.ts';
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

test('only the registrations of error classes are left out, and not that of the service', () => {
  const source = [
    '_s_registry.registerError(SSMServiceException$, SSMServiceException);',
    'n0_registry.registerError(ParameterNotFound$, ParameterNotFound);',
    'export var ParameterNotFound$ = [-3];',
  ];
  expect(withoutErrorClasses(source.join('\n')).split('\n')).toEqual([source[0], '', source[2]]);
});

test('an error without a class of its own keeps its name, message and status in a bundle', async () => {
  const server = createServer((_, response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{ "__type": "ParameterNotFound", "message": "There is none." }');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(import.meta.dirname, 'bundle-'));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  await writeFile(
    join(folder, 'lambda.ts'),
    `import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
     const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
     const ssm = new SSMClient({ region: 'eu-west-1', endpoint: '${endpoint}', credentials });
     export const handler = () => ssm.send(new GetParameterCommand({ Name: 'x' })).catch((error) => error);`,
  );
  await bundleFunction(join(folder, 'lambda.ts'), join(folder, 'out'));
  const { handler } = (await import(join(folder, 'out/index.mjs'))) as { handler: () => Promise<object> };
  await expect(handler()).resolves.toMatchObject({
    name: 'ParameterNotFound',
    message: 'There is none.',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
  expect(await readFile(join(folder, 'out/index.mjs'), 'utf8')).not.toContain('InvalidActivation');
});

test('a bundle knows the version of each rule and a digest of its source and its family', async () => {
  const folder = await mkdtemp(join(import.meta.dirname, 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = {
    'registry/src/sources.ts': 'export const sources = {};',
    'registry/src/lambda.ts': "export { sources } from './sources.ts';",
    'rules/a-b/package.json':
      '{ "version": "1.2.3", "dependencies": { "@compliance/family": "workspace:*" } }',
    'rules/a-b/src/rule.ts': 'export const rule = 1;',
    'rules-shared/family/package.json': '{}',
    'rules-shared/family/src/index.ts': 'export const shared = 1;',
  };
  const write = async (name: string, text: string) => {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const sourceOf = async () => {
    const { zipPath } = await bundleFunction(join(folder, 'registry/src/lambda.ts'), join(folder, 'out'));
    const index = new TextDecoder().decode(unzipSync(await readFile(zipPath))['index.mjs']);
    return /A_B:\{version:"1\.2\.3",source:"(sha256-[0-9a-f]{32})"\}/.exec(index)?.[1];
  };
  const sources = [await sourceOf(), await sourceOf()];
  await write('rules-shared/family/src/index.ts', 'export const shared = 2;');
  sources.push(await sourceOf());
  await write('rules/a-b/src/rule.ts', 'export const rule = 2;');
  sources.push(await sourceOf());
  expect(sources[0]).toBeDefined();
  expect(sources[0]).toBe(sources[1]);
  expect(new Set(sources).size).toBe(3);
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
