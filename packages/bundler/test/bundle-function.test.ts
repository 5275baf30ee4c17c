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

test.each([
  {
    service: 'SSM, which answers JSON',
    send: `import { GetParameterCommand as Read, SSMClient as Client } from '@aws-sdk/client-ssm';
           const input = { Name: 'x' };`,
    reply: '{ "__type": "ParameterNotFound", "message": "There is none." }',
    error: 'ParameterNotFound',
    leftOut: 'InvalidActivation',
  },
  {
    service: 'S3, which answers XML',
    send: `import { GetObjectCommand as Read, S3Client as Client } from '@aws-sdk/client-s3';
           const input = { Bucket: 'x', Key: 'y' };`,
    reply: '<Error><Code>NoSuchKey</Code><Message>There is none.</Message></Error>',
    error: 'NoSuchKey',
    leftOut: 'BucketAlreadyOwnedByYou',
  },
])(
  'an error without a class of its own keeps its name, message and status in a bundle: $service',
  async ({ send, reply, error, leftOut }) => {
    const server = createServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/octet-stream' });
      response.end(reply);
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
      `${send}
       const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
       const options = { region: 'eu-west-1', endpoint: '${endpoint}', credentials, forcePathStyle: true };
       export const handler = () => new Client(options).send(new Read(input)).catch((error) => error);`,
    );
    await bundleFunction(join(folder, 'lambda.ts'), join(folder, 'out'));
    const { handler } = (await import(join(folder, 'out/index.mjs'))) as { handler: () => Promise<object> };
    await expect(handler()).resolves.toMatchObject({
      name: error,
      message: 'There is none.',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await readFile(join(folder, 'out/index.mjs'), 'utf8')).not.toContain(leftOut);
  },
);

test('a rule in a bundle knows its version and a digest of its source and its family', async () => {
  const folder = await mkdtemp(join(import.meta.dirname, 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = {
    'lambda.ts': "export const handler = () => import('./rules/a-b/src/index.ts');",
    'rules/a-b/package.json':
      '{ "version": "1.2.3", "dependencies": { "@compliance/family": "workspace:*" } }',
    'rules/a-b/src/index.ts': "export { rule } from './rule.ts';",
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
    const { zipPath } = await bundleFunction(join(folder, 'lambda.ts'), join(folder, 'out'));
    const zip = unzipSync(await readFile(zipPath));
    const chunk = Object.entries(zip).find(([name]) => name !== 'index.mjs')?.[1];
    return /version:"1\.2\.3",source:"(sha256-[0-9a-f]{32})"/.exec(new TextDecoder().decode(chunk))?.[1];
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

test('a bundled schema still parses, and says that its JSON Schema is left out', async () => {
  const folder = await mkdtemp(join(import.meta.dirname, 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, 'lambda.ts'),
    `import * as z from 'zod';
     const Shape = z.object({ name: z.string().min(2), tags: z.record(z.string(), z.string()).default({}) });
     export const handler = (input) => Shape.safeParse(input);
     export const jsonSchema = () => Shape.toJSONSchema();`,
  );
  await bundleFunction(join(folder, 'lambda.ts'), join(folder, 'out'));
  const { handler, jsonSchema } = (await import(join(folder, 'out/index.mjs'))) as {
    handler: (input: unknown) => object;
    jsonSchema: () => unknown;
  };
  expect(handler({ name: 'ab' })).toEqual({ success: true, data: { name: 'ab', tags: {} } });
  expect(handler({ name: 'a' })).toMatchObject({ success: false });
  expect(jsonSchema).toThrow('leaves out the JSON Schemas of zod');
});

test('a bundled client names its version, and nothing else of its manifest', async () => {
  const folder = await mkdtemp(join(import.meta.dirname, 'bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, 'lambda.ts'),
    `import { SSMClient } from '@aws-sdk/client-ssm';
     export const handler = () => new SSMClient({ region: 'eu-west-1' }).config.defaultUserAgentProvider();`,
  );
  await bundleFunction(join(folder, 'lambda.ts'), join(folder, 'out'));
  const { handler } = (await import(join(folder, 'out/index.mjs'))) as { handler: () => Promise<unknown> };
  expect(JSON.stringify(await handler())).toMatch(/"aws-sdk-js","\d+\.\d+\.\d+"/);
  expect(await readFile(join(folder, 'out/index.mjs'), 'utf8')).not.toContain('devDependencies');
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
