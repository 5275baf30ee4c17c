import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readYamlFile } from '../src/read-yaml-file.ts';

const written = async (content: string | Uint8Array): Promise<string> => {
  const path = join(await mkdtemp(join(tmpdir(), 'yaml-')), 'compliance.yaml');
  await writeFile(path, content);
  return path;
};

test('a YAML file is read as the value that it holds', async () => {
  expect(await readYamlFile(await written('a: [1, two]\n'))).toEqual({ a: [1, 'two'] });
});

test.each<[string, string | Uint8Array, RegExp]>([
  ['a second document', 'a: 1\n---\nb: 2\n', /compliance\.yaml:2:1: a second document begins here/],
  ['text that is no YAML', 'a: [\n', /compliance\.yaml:\d+:\d+: /],
  ['UTF-16', Buffer.from('a: 1', 'utf16le'), /compliance\.yaml is UTF-16/],
])('%s is refused with its place', async (_, content, message) => {
  await expect(readYamlFile(await written(content))).rejects.toThrow(message);
});

test.each([
  ['a file that is missing', 'missing.yaml', /^File not found: .*missing\.yaml\. Check the path\.$/],
  ['a folder', '.', /: it is a folder\. Name a file\.$/],
])('%s is called that', async (_, path, message) => {
  await expect(readYamlFile(join(import.meta.dirname, path))).rejects.toThrow(message);
});
